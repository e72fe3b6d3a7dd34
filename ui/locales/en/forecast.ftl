# The load to come and the people it needs.
forecast-client = Client
forecast-all-clients = All clients together
forecast-language = Language
forecast-all-languages = All languages
forecast-language-untold = Not told
forecast-channel = Channel
forecast-channel-inbound = Inbound
forecast-channel-outbound = Outbound
forecast-weeks-label = Weeks ahead
forecast-weeks-short = weeks
forecast-weeks =
    { $weeks ->
        [one] { $weeks } week ahead
       *[other] { $weeks } weeks ahead
    }
forecast-days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
forecast-minutes = { $minutes } min
forecast-hours = { $hours } h
forecast-points = { $points } pts
forecast-number-range = From { $min } to { $max }
forecast-no-shops-text = Once a client is connected and its calls are known, you will see here what is coming and who is needed.
forecast-empty = No history yet
forecast-empty-inbound =
    { $days ->
        [one] A forecast needs { $days } day of history. Import a report of calls by interval from your telephone exchange (CSV).
       *[other] A forecast needs { $days } days of history. Import a report of calls by interval from your telephone exchange (CSV).
    }
forecast-empty-outbound =
    { $days ->
        [one] A forecast needs { $days } day of history. It gathers by itself as orders are called here; an older one can be imported (CSV).
       *[other] A forecast needs { $days } days of history. It gathers by itself as orders are called here; an older one can be imported (CSV).
    }
forecast-too-short = The history is too short
forecast-too-short-text =
    { $days ->
        [one] There are { $have } so far; { $days } more day is needed. It comes by itself as calls are made, or import an older report.
       *[other] There are { $have } days so far; { $days } more days are needed. They come by themselves as calls are made, or import an older report.
    }
forecast-try-sample = Try it on a sample shop
forecast-see-outbound = See outbound
forecast-alarms = Off today
forecast-alarm-day = day so far
forecast-alarm-peak_hour = peak hour
forecast-alarm-aht = AHT
forecast-alarm-limit = limit { $limit }
forecast-figure-calls =
    { $weeks ->
        [one] Calls in { $weeks } week
       *[other] Calls in { $weeks } weeks
    }
forecast-figure-per-day = Per open day
forecast-figure-error = Daily error, last 8 weeks
forecast-figure-history = History
forecast-figure-day = Calls expected
forecast-figure-80 = 4 days in 5 within
forecast-by-day = Day by day
forecast-by-day-about = Enter opens a day, arrows walk the days
forecast-came-word = history
forecast-comes-word = forecast
forecast-came =
    { $calls ->
        [one] { $calls } call came
       *[other] { $calls } calls came
    }
forecast-closed = closed
forecast-left-out = left out
forecast-kept = kept
forecast-undecided = not decided
forecast-overridden = changed by hand
forecast-day-words =
    { $calls ->
        [one] { $date }: { $calls } call expected, most likely { $low } to { $high }
       *[other] { $date }: { $calls } calls expected, most likely { $low } to { $high }
    }
forecast-day-words-closed = { $date }: closed
forecast-tip-calls =
    { $calls ->
        [one] { $calls } call expected
       *[other] { $calls } calls expected
    }
forecast-tip-interval = Expected: { $calls }
forecast-tip-band = { $share }%: { $low }–{ $high }
forecast-tip-model = model: { $calls }
forecast-tip-people =
    { $people ->
        [one] { $people } person on the line
       *[other] { $people } people on the line
    }
forecast-tip-what-if =
    { $people ->
        [one] what-if: { $people } person
       *[other] what-if: { $people } people
    }
forecast-legend-came = Came
forecast-legend-comes = Forecast
forecast-legend-model = Model, before changes
forecast-legend-band = { $share }% interval
forecast-legend-special = Special day
forecast-legend-changed = Changed by hand
forecast-legend-left-out = Left out of the model
forecast-people-needed = People needed on the line
forecast-people-unknown = Set staffing rules to see who is needed.

# The week by hours.
forecast-heat = The week by hours
forecast-heat-choose = What to show
forecast-heat-history = History
forecast-heat-forecast = Forecast
forecast-heat-error = Error
forecast-heat-staffing = Staffing
forecast-heat-about-history = calls per hour that came
forecast-heat-about-forecast = calls per hour to come
forecast-heat-about-error = forecast against actual, last 8 weeks, per cent
forecast-heat-about-staffing = people needed on the line
forecast-heat-cell = { $day }, { $hours }: { $said }
forecast-heat-came = { $calls } calls per hour came on average
forecast-heat-comes = { $calls } calls per hour expected on average
forecast-heat-people = { $people } people needed on average
forecast-heat-too-low = forecast { $off } too low
forecast-heat-too-high = forecast { $off } too high
forecast-heat-right = forecast just right
forecast-heat-scale-low = too low
forecast-heat-scale-high = too high
forecast-heat-week = Week
forecast-heat-hours = Hours
forecast-heat-all = Whole week
forecast-heat-sum-calls = { $what }: { $sum } calls
forecast-heat-sum-hours = { $what }: { $sum } hours of work

# How the forecast is made and how good it was.
forecast-how = How this forecast is made
forecast-borrowed = The own history is still short: the shape of the week is borrowed from “{ $name }”, the level is this project’s own. It gives way to own history week by week.
forecast-why-best =
    { $origins ->
        [one] “{ $method }” leads: in { $origins } test on this project’s own past it was clearly the most accurate.
       *[other] “{ $method }” leads: in { $origins } tests on this project’s own past it was clearly the most accurate.
    }
forecast-why-tied =
    { $origins ->
        [one] Several methods were equally accurate in { $origins } test on this project’s own past, so their average is used: it is steadier. “{ $method }” weighs most.
       *[other] Several methods were equally accurate in { $origins } tests on this project’s own past, so their average is used: it is steadier. “{ $method }” weighs most.
    }
forecast-why-too_short = The history is too short to tell the methods apart, so all count alike.
forecast-why-borrowed = There is too little history to test methods on, so a similar project’s week is used.
forecast-why-share = This language has too little history of its own. Its figures are the client’s forecast times its share of the calls by weekday and hour in the last eight weeks that tell languages.
forecast-parts = The figures are brought to add up: all languages together are the client’s forecast.
forecast-score = Over the last eight weeks, forecast a week ahead, intervals were off by { $wape } (WAPE) and whole days by { $day }.
forecast-bias-low = In all it was { $bias } too low.
forecast-bias-high = In all it was { $bias } too high.
forecast-coverage = { $cov80 } of intervals fell inside the 80% interval and { $cov95 } inside the 95% one.
forecast-intake = Orders placed now are calls of the next hours: knowing them takes away { $gain } of the error.
forecast-method = Method
forecast-weight = Weight
forecast-wape = WAPE
forecast-wape-long = Interval error (WAPE)
forecast-day-wape = Daily error
forecast-bias = Bias
forecast-inside = Inside the { $share }% interval
forecast-method-last_week = Last week again
forecast-method-mean2 = Mean of 2 weeks
forecast-method-mean4 = Mean of 4 weeks
forecast-method-median8 = Median of 8 weeks
forecast-method-trimmed_mean12 = Mean of 12 weeks, extremes cut
forecast-method-ewma = Weighted mean, recent weeks first
forecast-method-calendar_median = Median of 30 weeks, day of the month allowed for
forecast-method-recent_calendar_median = Median of 10 weeks, day of the month allowed for
forecast-method-seasonal = Median of 20 weeks, season allowed for
forecast-method-recent_seasonal = Mean of 4 weeks, season and day of the month allowed for
forecast-method-last_year = The same weeks of last year on the level of recent weeks
forecast-method-year_on_year = The same weeks of past years times the growth since
forecast-method-slow_level = Smoothed week on the level of recent weeks
forecast-method-quick_level = Smoothed week on the level of recent days
forecast-method-recent_shape = Recent week on the level of recent days
forecast-method-trend = Smoothed week along the trend of 8 weeks
forecast-method-boosted = Learned from the whole history: calendar, recent weeks and level by hour
forecast-method-borrowed = A similar project’s week
forecast-method-other = Another method
forecast-clients = What each client brings
forecast-languages = What each language brings
forecast-clients-about = calls and share of the work

# Lists under the forecast.
forecast-lists = Details of the forecast
forecast-list-days = Days
forecast-list-special = Special days
forecast-list-outliers = Unusual days
forecast-list-overrides = Manual changes
forecast-list-snapshots = Published
forecast-list-imports = Imports
forecast-column-day = Day
forecast-column-days = Days
forecast-column-calls = Calls
forecast-column-80 = 80% interval
forecast-column-95 = 95% interval
forecast-column-actual = Came
forecast-column-model = Model
forecast-column-notes = Notes
forecast-column-name = Name
forecast-column-kind = Kind
forecast-column-effect = Against a usual day
forecast-column-usual = Usual
forecast-column-off = Difference
forecast-column-verdict = In the model
forecast-column-time = Time
forecast-column-change = Change
forecast-column-reason = Reason
forecast-column-by = By
forecast-column-published = Published
forecast-column-over = Days over
forecast-column-file = File
forecast-column-rows = Rows
forecast-effect-unknown = not known yet
forecast-not-yet = none over yet
forecast-withdraw = Withdraw
forecast-special-holiday = Public holiday
forecast-special-eve = Eve of a holiday
forecast-special-promotion = Promotion
forecast-special-deliveries_stopped = Deliveries stopped
forecast-special-other = Other
forecast-special-about = Days unlike others of their weekday; what they do is learnt from earlier ones of their kind.
forecast-special-calendar = calendar
forecast-special-add = Special day
forecast-special-lead = It is forecast apart from ordinary days and does not spoil their profile.
forecast-special-name = Name
forecast-special-example = Autumn sale
forecast-special-hours = Hours
forecast-special-hours-usual = As on other days
forecast-special-hours-short = Others
forecast-special-hours-closed = Closed
forecast-special-open = Open
forecast-special-added = { $day } is marked as special.
forecast-special-remove = Remove “{ $name }”
forecast-special-removed = { $day } is an ordinary day again.
forecast-outliers-about = Days far from what such days bring. Leave out what will not come again; keep what belongs to the business.
forecast-outliers-all = Choose one client to keep its days or leave them out.
forecast-outliers-none = No day stands out.
forecast-outlier-keep = Keep
forecast-outlier-keep-day = Keep { $day }
forecast-outlier-leave = Leave out
forecast-outlier-leave-day = Leave out { $day }
forecast-outlier-undo = Decide again
forecast-outlier-undo-day = Decide again about { $day }
forecast-outlier-now-in = { $day } counts.
forecast-outlier-now-out = { $day } is left out of the model.
forecast-outlier-now-open = { $day } is undecided again.
forecast-overrides-about = Kept apart from the model: withdrawn, its own figure is back.
forecast-overrides-none = Nothing has been changed by hand.
forecast-override = Change by hand
forecast-override-title = Change the forecast by hand
forecast-override-when = Time
forecast-override-percent = Change
forecast-override-percent-hint = 20 is a fifth more than the model says, −20 a fifth less.
forecast-override-reason = Reason
forecast-override-reason-hint = Whoever compares forecast and actual later will read it.
forecast-override-turned = The end must come after the beginning.
forecast-override-do = Change
forecast-override-done = The forecast is changed.
forecast-override-languages = The change holds for all languages of the client.
forecast-override-withdraw-one = Withdraw the change of { $day }: { $reason }
forecast-override-withdrawn = The change of { $day } is withdrawn.
forecast-snapshots-about = Each published forecast is kept as it was and compared with what came.
forecast-snapshots-none = Nothing has been published yet.
forecast-publish = Publish
forecast-publish-title = Publish this forecast?
forecast-publish-lead = It is kept as it is now, manual changes included, and compared with what comes. The forecast itself goes on changing with each new day.
forecast-publish-languages = All languages are published together, as the client’s forecast.
forecast-published = Published: { $days }.
forecast-imports-about = Reports of the telephone exchange. Withdraw one and its calls are gone from the history.
forecast-imports-all = Choose one client to withdraw its imports.
forecast-imports-none = Nothing has been imported.
forecast-import = Import history
forecast-import-title = Import a report of the telephone exchange
forecast-import-lead = Calls by 15, 30 or 60 minutes, or one line per call. Nothing is taken in before you have seen what it holds.
forecast-import-choose = Choose a file
forecast-import-other = Choose another file, or the same one once mended
forecast-import-hint = CSV or text, with a column of times and a column of counts; handle times and languages if there are any
forecast-import-faults =
    { $count ->
        [one] { $count } line cannot be read. Mend it in the file and choose the file again; nothing has been taken in.
       *[other] { $count } lines cannot be read. Mend them in the file and choose the file again; nothing has been taken in.
    }
forecast-import-line = Line
forecast-import-found = It says
forecast-import-what = What to do
forecast-import-more =
    { $count ->
        [one] and { $count } more line
       *[other] and { $count } more lines
    }
forecast-import-fine = All of it can be read
forecast-import-step = Interval
forecast-import-language = Language of the calls
forecast-import-language-none = Not told: all languages together
forecast-import-languages = Languages
forecast-import-no-aht = It tells no handle times: the AHT stays as known so far.
forecast-import-replaced =
    { $count ->
        [one] { $count } interval is known already and will be replaced.
       *[other] { $count } intervals are known already and will be replaced.
    }
forecast-import-take = Take in
forecast-import-done =
    { $rows ->
        [one] { $calls } calls from { $rows } row taken in.
       *[other] { $calls } calls from { $rows } rows taken in.
    }
forecast-import-withdraw-one = Withdraw the import of { $file }
forecast-import-withdrawn = The import of { $file } is withdrawn.
forecast-fault-no_time_column = No column of times is found. Give the column of date and time a heading such as “Time”.
forecast-fault-no_count_column = No column of counts is found. Give the column of calls a heading such as “Calls”.
forecast-fault-bad_time = This is no date and time. Write it as 2026-03-31 14:30 or 31.03.2026 14:30.
forecast-fault-no_such_time = This time does not exist: clocks went forward that night. Move the calls to the next hour.
forecast-fault-bad_count = This is no count. Write a whole number, 0 or more.
forecast-fault-bad_handle_time = This is no handle time. Write seconds or minutes:seconds.
forecast-fault-bad_language = This language is not known. Write its code, such as “uk” or “pl”, or its name, or leave the cell empty.
forecast-fault-twice = This interval stands in the file twice in one language. Leave one line.
forecast-fault-odd_step = The times do not step by 15, 30 or 60 minutes. Export the report by such intervals.
forecast-fault-empty = There is nothing in the file. Export the report again.

# One day.
forecast-back = Forecast
forecast-day-before = Day before
forecast-day-after = Day after
forecast-day-chart = Calls and people needed through the day
forecast-day-closed = Nothing is forecast for this day
forecast-day-closed-text = The line is closed then, or the day lies beyond the weeks that are forecast. Opening hours are set in the staffing rules.
forecast-day-lists = The day in detail
forecast-day-staffing = Staffing
forecast-day-intervals = Intervals

# Staffing.
forecast-what-if = What if
staffing-figure = Figure
staffing-as-is = As it is
staffing-difference = Difference
staffing-peak = People at the peak
staffing-line-hours = Hours on the line
staffing-paid-hours = Hours paid
staffing-service-level = Service level
staffing-occupancy = Occupancy
staffing-late = Confirmations too late
staffing-rule = In force: { $share } within { $seconds } s,
staffing-usual = usual rules, not set yet
staffing-unstable = unstable
staffing-unstable-about = Unstable: more work comes in than the people can do, so the queue would grow without end and there is no service level to state.
staffing-try-load = Calls against the forecast
staffing-target = Service level, target
staffing-threshold = Answered within
staffing-patience = Patience
staffing-seconds = s
staffing-hours-unit = h
staffing-max-occupancy = Highest occupancy
staffing-max-asa = Highest ASA
staffing-max-abandonment = Highest abandonment
staffing-no-limit = no limit
staffing-shrinkage = Shrinkage
staffing-shrinkage-about = { $share } of paid time in all
staffing-shrinkage-leave = Paid leave
staffing-shrinkage-sickness = Sick leave
staffing-shrinkage-training = Training, coaching
staffing-shrinkage-meetings = Meetings
staffing-shrinkage-breaks = Unplanned breaks
staffing-shrinkage-other = Other
staffing-reset = As it is
staffing-take-over = Make these the rules…
staffing-erlangs = Erlangs
staffing-for-calls = For calls
staffing-for-confirmations = For confirmations
staffing-on-line = On the line
staffing-paid = Paid
staffing-service-level-short = SL
staffing-asa = ASA
staffing-asa-long = Average speed of answer
staffing-asa-value = { $seconds } s
staffing-abandonment = Abandoned
staffing-occupancy-short = Occupancy
staffing-bound = Decided by
staffing-bound-idle = nothing to do
staffing-bound-service_level = service level
staffing-bound-asa = ASA
staffing-bound-occupancy = occupancy cap
staffing-bound-abandonment = abandonment
staffing-by-client = Each client has rules of its own, so people are counted client by client.
staffing-choose-client = Choose a client
staffing-rules = Staffing rules
staffing-rules-saved = The rules of { $name } are saved.
staffing-goal = Goal
staffing-limits = Limits
staffing-definition = Service level is the share
staffing-definition-of_offered = of calls offered
staffing-definition-of_answered = of calls answered
staffing-definition-short_abandons_out = of calls offered, short abandons out
staffing-definition-hint-of_offered = Everyone who called counts, those who hung up too.
staffing-definition-hint-of_answered = Only those who were answered count; it looks best when many hang up.
staffing-definition-hint-short_abandons_out = Those who hung up within the threshold do not count.
staffing-deadline = Confirm orders within
staffing-allow-for-error = Allow for the error of the forecast
staffing-allow-for-error-hint = A few people more: the goal then holds on busier days too, on the average.
staffing-interval = Plan by intervals of
staffing-interval-of-history = as in the history
staffing-interval-minutes = { $minutes } min
staffing-team = Team
staffing-team-own = its own
staffing-team-hint = Projects with the same team are answered by the same people from one queue: the plan gives it one line.
staffing-languages-apart = Languages are answered by separate people
staffing-languages-apart-hint = Each language then has its own line in staffing and in the plan. Confirmations are called by those who answer the language with most calls.
staffing-open = Opening hours
staffing-open-about = outside of them nothing is expected
staffing-open-none = No hours are set: the line is taken to be open whenever calls have come.
staffing-open-from = { $day }, from
staffing-open-until = { $day }, until
staffing-open-add = Add hours on { $day }
staffing-open-remove = Remove hours on { $day }
staffing-open-like-monday = All days like Monday
