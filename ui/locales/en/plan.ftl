# Who works when: plans, contracts, shifts, requests.
nav-plan = Plan
plan-title = Plan
plan-lead = A plan gives people shifts for whole weeks. People see it once it is published.
plan-tab-plans = Plans
plan-tab-requests = Requests
plan-tab-contracts = Contracts
plan-tab-templates = Shift templates
plan-none = No plan yet
plan-none-text = Make one for the weeks to come; the search fills it in seconds, and you change by hand what you like.
plan-new = New plan
plan-new-lead = It begins empty, on a Monday.
plan-first-monday = First Monday
plan-length = Length
plan-make = Make the plan
plan-weeks =
    { $weeks ->
        [one] { $weeks } week
       *[other] { $weeks } weeks
    }
plan-column-days = Days
plan-column-state = State
plan-column-shifts = Shifts
plan-column-made = Made
plan-draft = Draft
plan-published = Published
plan-changed-since = Changed since published
plan-actions-for = Actions for the plan { $plan }
plan-compare = Compare with another
plan-drop = Throw away
plan-drop-title = Throw this draft away?
plan-drop-lead = { $plan }: its shifts and everything changed by hand go. Nobody has seen it.
plan-back = All plans
plan-back-to-grid = Back to all days
plan-more = More
plan-publish = Publish
plan-publish-title = Publish the plan?
plan-publish-lead =
    { $people ->
        [0] Nobody’s shifts are new or changed.
        [one] { $people } person is told of new or changed shifts.
       *[other] { $people } people are told of new or changed shifts.
    }
plan-publish-fine = No rule is broken.
plan-publish-broken =
    { $rules ->
        [one] { $rules } rule is broken by hand.
       *[other] { $rules } rules are broken by hand.
    }
plan-published-told =
    { $people ->
        [0] Published. Nobody had to be told.
        [one] Published. { $people } person is told.
       *[other] Published. { $people } people are told.
    }
plan-replan = Replan from a day
plan-replan-title = Replan from a day
plan-replan-lead = What lies before stays. After it, as little as possible is changed; pinned shifts stay.
plan-replan-from = From
plan-export-xlsx = Table (XLSX)
plan-export-pdf = For the wall (PDF)
plan-export-payroll = Hours for payroll (CSV)
plan-export-ics = One person’s calendar
plan-export-ics-lead = A file that any calendar program opens.
plan-exported = Saved: { $path }
plan-person = Person
plan-meeting = Meeting or training…
plan-solve = Plan
plan-stop = Stop
plan-time-limit = Time limit
plan-solving = { $elapsed } of { $limit }
plan-solve-progress = Search for a better plan
plan-cost-fell = Cost of the first plan { $first }, of the best so far { $now }
plan-grid = Shifts by people and days
plan-people =
    { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
plan-wanted-hours = wanted, h
plan-present-hours = on the line, h
plan-wanted = wanted
plan-present = on the line
plan-day-hours = wanted { $wanted } h, on the line { $present } h
plan-day-slot = wanted { $wanted }, on the line { $present }
plan-day-before = The day before
plan-day-after = The day after
plan-day-chart = People wanted and on the line by interval
plan-day-nobody = Nobody works on this day
plan-multi-skill = Multi-skill…
plan-multi-skill-title = Service level with multi-skill routing
plan-multi-skill-lead = The calls of this day are played out twice: with everyone on the line of the shift alone, and with whoever is free answering any line that the contract names.
plan-multi-skill-calls = Calls
plan-multi-skill-single = Line of the shift
plan-multi-skill-multi = Multi-skill
plan-multi-skill-several =
    { $people ->
        [one] { $people } person on shift can answer more than one line.
       *[other] { $people } people on shift can answer more than one line.
    }
plan-multi-skill-nobody = Nobody on shift can answer a second line. Name more projects in their contracts to see what that would bring.
plan-all-projects = All projects
plan-project = Project
plan-break-paid = Paid break
plan-break-unpaid = Unpaid break
plan-hours-of = Planned { $planned }, contract { $contract }
plan-free = off
plan-short-off = off
plan-short-wish = wish
plan-short-day-off = off
plan-mark-pinned = pinned
plan-mark-off-pinned = day off, pinned
plan-mark-changed = changed since published
plan-mark-broken = breaks a rule
plan-mark-off = time off
plan-mark-wish = wished off
plan-legend = Marks
plan-hint = Drag to move, Ctrl copies, Enter chooses a shift, F1 shows all keys
plan-shift-menu = Choose a shift
plan-pin = Pin
plan-unpin = Unpin
plan-pin-off = Pin the day off
plan-unpin-off = Free the day off
plan-remove-shift = Take the shift away
plan-undo = Undo
plan-no-new-broken = No rule newly broken
plan-standing = How the plan stands
plan-service-level = Service level
plan-uncovered-hours = Uncovered, h
plan-surplus-hours = Surplus, h
plan-cost = Cost
plan-broken = Broken rules
plan-broken-none = No rule is broken
plan-uncovered = Uncovered
plan-uncovered-none = Every interval is covered
plan-show-all =
    { $more ->
        [one] Show { $more } more
       *[other] Show { $more } more
    }
plan-compare-title = Two plans side by side
plan-compare-one = There is only one plan
plan-compare-one-text = Make another to compare it with.
plan-compare-left = First
plan-compare-right = Second
plan-compare-apart = These plans have no day in common
plan-differences =
    { $days ->
        [0] Nobody’s day differs
        [one] { $days } person-day differs
       *[other] { $days } person-days differ
    }
plan-keys = Plan
plan-key-menu = Choose a shift for the cell
plan-key-remove = Take the shift away
plan-key-pin = Pin the shift or the day off, or free it
plan-key-carry = Pick the shift up to carry it
plan-key-copy = Copy the shift
plan-key-paste = Put the copied shift here
plan-key-undo = Take the last change back
plan-key-drop = Put the carried shift down
plan-key-drop-copy = Put a copy of it down
plan-key-let-go = Let the carried shift go
plan-key-back = Back to all days
plan-key-panel = Show or hide how the plan stands
plan-key-meeting = Place a meeting or training
cost-under = People missing
cost-over = People too many
cost-wishes = Wishes not granted
cost-fairness = Unfair shares
cost-hours = Off contract hours
cost-changes = Changes once published
rule-broken-one_shift_a_day =
    { $is ->
        [one] { $is } shift on one day, at most { $limit }
       *[other] { $is } shifts on one day, at most { $limit }
    }
rule-broken-rest = rest of { $is } between shifts, at least { $limit }
rule-broken-weekly_rest = weekly rest of { $is }, at least { $limit }
rule-broken-day_minutes = { $is } in a day, at most { $limit }
rule-broken-week_minutes = { $is } in a week, at most { $limit }
rule-broken-max_minutes = { $is } in the plan, at most { $limit }
rule-broken-min_minutes = { $is } in the plan, at least { $limit }
rule-broken-consecutive_days =
    { $is ->
        [one] { $is } working day in a row, at most { $limit }
       *[other] { $is } working days in a row, at most { $limit }
    }
rule-broken-min_consecutive_days =
    { $is ->
        [one] { $is } working day in a row, at least { $limit }
       *[other] { $is } working days in a row, at least { $limit }
    }
rule-broken-consecutive_days_off =
    { $is ->
        [one] { $is } day off in a row, at least { $limit }
       *[other] { $is } days off in a row, at least { $limit }
    }
rule-broken-weekends =
    { $is ->
        [one] { $is } weekend worked, at most { $limit }
       *[other] { $is } weekends worked, at most { $limit }
    }
rule-broken-nights =
    { $is ->
        [one] { $is } night in a row, at most { $limit }
       *[other] { $is } nights in a row, at most { $limit }
    }
rule-broken-time_off = has time off
rule-broken-skill = is not attested for the project
rule-broken-succession = this shift may not follow the one before
rule-broken-shift_kind =
    { $is ->
        [one] { $is } such shift, at most { $limit }
       *[other] { $is } such shifts, at most { $limit }
    }
rule-broken-template_day = the shift is not given on this weekday
rule-broken-weekday = does not work on this weekday
rule-broken-forbidden = is never given this shift
rule-broken-pinned = the day is pinned
obstacle-one_shift_a_day = working that day: { $people }
obstacle-rest = rest between shifts: { $people }
obstacle-weekly_rest = weekly rest: { $people }
obstacle-day_minutes = hours of the day: { $people }
obstacle-week_minutes = hours of the week: { $people }
obstacle-max_minutes = hours used up: { $people }
obstacle-min_minutes = least hours: { $people }
obstacle-consecutive_days = days in a row: { $people }
obstacle-min_consecutive_days = too few days in a row: { $people }
obstacle-consecutive_days_off = days off in a row: { $people }
obstacle-weekends = weekends: { $people }
obstacle-nights = nights: { $people }
obstacle-time_off = time off: { $people }
obstacle-skill = not attested: { $people }
obstacle-succession = order of shifts: { $people }
obstacle-shift_kind = number of such shifts: { $people }
obstacle-template_day = weekday: { $people }
obstacle-weekday = does not work that weekday: { $people }
obstacle-forbidden = never given the shift: { $people }
obstacle-pinned = pinned: { $people }
request-none = Nobody is waiting for an answer
request-none-text = Requests for swaps and time off appear here.
request-waiting = Waiting for you
request-decided = Decided lately
request-swap = asks for a swap
request-take_over = asks to hand a shift over
request-time_off = asks for time off
request-wish = wishes days off
request-state-asked_colleague = Asked the colleague
request-state-asked_supervisor = Asked the supervisor
request-state-approved = Approved
request-state-declined = Declined
request-state-withdrawn = Withdrawn
request-said = “{ $reason }”
request-answer = Answer
request-would-break = Approving would break
request-breaks-nothing = Breaks no rule
request-words = Comment
request-do-agree = Agree
request-do-approve = Approve
request-do-decline = Decline
request-do-withdraw = Withdraw
request-done-agree = Agreed; now the supervisor decides.
request-done-approve = Approved.
request-done-decline = Declined.
request-done-withdraw = Withdrawn.
template-lead = Shifts that can be given, with their breaks.
template-new = New shift template
template-title = Shift template
template-none = No shift templates yet
template-code = Code
template-name = Name
template-hours = Hours
template-start = Start
template-length = Length
template-picture = On the day
template-weekdays = Weekdays
template-breaks = Breaks
template-break-after = After
template-paid = Paid
template-add-break = Add a break
template-unpopular = Unpopular
template-unpopular-hint = Liked less than others: shared out fairly over the months.
template-edit = Change { $name }
template-remove = Remove { $name }
template-removed = “{ $name }” is given no more.
hours-wrong = Write hours as 7:30 or 7.5.
contract-lead = Hours, rest and projects of each person: the search keeps to them.
contract-find = Find a person
contract-none = Nobody to plan yet
contract-none-text = Add people first.
contract-title = Contract
contract-as-law = As the law has it in:
law-ua = Ukraine
law-pl = Poland
law-ru = Russia
contract-law = Law
contract-week = Hours of a week
contract-week-short = Week, h
contract-max-week = Most in a week, overtime included
contract-max-day = Most in a day
contract-rest = Rest between shifts
contract-rest-short = Rest, h
contract-weekly-rest = Rest once a week
contract-days = Most working days in a row
contract-days-short = Days in a row
contract-days-off = Fewest days off in a row
contract-weekends = Most weekends of four
contract-weekends-short = Weekends
contract-of-four = { $weekends } of 4
contract-nights = Most nights in a row, 0 for none
contract-nights-short = Nights
contract-projects = Projects served
contract-no-projects = No projects
contract-planned = Is planned
contract-planned-hint = Takes part in plans to come.
contract-planned-short = Planned
contract-weekdays = Can work on
contract-never = Never given
contract-never-none = No shift templates yet
contract-ruled-out = Ruled out
meeting-new = Meeting or training
meeting-lead = Placed where it hurts the line least. Whoever is not at work then is not called in.
meeting-kind = Kind
meeting-kind-meeting = Meeting
meeting-kind-training = Training
meeting-title = Title
meeting-who = Who
meeting-everyone = Everyone
meeting-picked = Picked people
meeting-find = Type a name, Enter picks
meeting-picked-count =
    { $people ->
        [0] Nobody picked yet
        [one] { $people } person picked
       *[other] { $people } people picked
    }
meeting-length = Length
meeting-between = Between
meeting-times = Best times
meeting-times-none = None of them is at work on these days. Choose other days.
meeting-times-nobody = Pick people, and the best times appear.
meeting-covered = The line stays covered
meeting-missing =
    { $people ->
        [one] { $people } person short on the line for { $minutes } min
       *[other] { $people } people short on the line for { $minutes } min
    }
meeting-all-there = everyone is at work
meeting-absent = Not at work: { $names }
meeting-busy = Break or another meeting: { $names }
meeting-more = { $names } and { $more } more
meeting-place = Place
meeting-placed = “{ $title }” is placed: { $when }.
meeting-remove = Take “{ $title }” away
meeting-removed = “{ $title }” is taken away.
meeting-come = { $there } of { $people } at work
