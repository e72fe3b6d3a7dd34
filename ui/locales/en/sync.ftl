# The exchange with the shops: how it goes, what waits for a person.
nav-sync = Sync
sync-lead = How the exchange with each shop is going, and what waits for your decision.
sync-empty-text = Shops are connected by an administrator.
sync-col-shop = Shop
sync-col-pull = Last sync
figure-conflicts = conflicts
sync-lag = { $for } behind
sync-being-sent = being sent: { $count }
sync-oldest = oldest from { $time }
sync-paused-until = paused until { $time }
sync-next-try = Next try: { $when }
sync-open-list = { $what }: { $count }. Open the list
sync-lists = What waits
sync-list-conflicts = Conflicts
sync-list-dead = Not delivered
sync-list-queue = On the way
sync-kept =
    { $count ->
        [one] { $count } result is kept here and will be sent as soon as the shop answers.
       *[other] { $count } results are kept here and will be sent as soon as the shop answers.
    }
sync-waiting =
    { $count ->
        [one] { $count } result waits for a decision
       *[other] { $count } results wait for a decision
    }
sync-empty-conflicts = No conflicts
sync-empty-conflicts-text = When the shop and an operator change the same thing, you decide here which holds.
sync-empty-dead = Nothing is stuck
sync-empty-dead-text = A result that the shop does not take appears here, with the reason and what to do.
sync-key-next = Next shop
sync-key-before = Previous shop

# What is read from a shop.
stream-orders = Orders
stream-products = Products
stream-customers = Customers
stream-not-yet = not loaded yet
stream-fault = failed

# A result that did not arrive, and what a person decides.
letter-since = stopped { $when }
letter-tries =
    { $count ->
        [one] { $count } try
       *[other] { $count } tries
    }
letter-behind =
    { $count ->
        [one] { $count } later result of this order waits for this decision.
       *[other] { $count } later results of this order wait for this decision.
    }
letter-wanted = To be done
letter-why = Why it failed
letter-choose = What do you decide?
letter-choice-ours = Ours holds
letter-choice-theirs = The shop’s holds
letter-choice-retry = Try again
letter-choice-drop = Give it up
letter-hint-ours = Sent once more, over what the shop has now.
letter-hint-theirs = Ours is taken back; the log keeps who decided.
letter-hint-retry = When the cause has been removed.
letter-hint-drop = Not needed, or done in the shop by hand.
letter-decide = Decide
letter-do-ours = Send ours
letter-do-theirs = Keep the shop’s
letter-do-retry = Try again
letter-do-drop = Give it up
letter-done-ours = № { $order }: ours will be sent.
letter-done-theirs = № { $order }: the shop’s stays.
letter-done-retry = № { $order }: it will be tried again.
letter-done-drop = № { $order }: given up.
letter-key-choose = Choose a decision
letter-key-next = Next case
letter-key-before = Previous case
letter-key-do = Carry out the decision
clash-field = What
clash-base = As it was
clash-base-hint = at the beginning of the call
clash-ours = Ours
clash-theirs = The shop’s
clash-holds = chosen
clash-someone = someone at the shop
clash-not-there = not there

# A shop’s new key.
rekey = New key
rekey-card = Access to the shop
rekey-lead = If the old key was revoked or replaced. The new one is tried at the shop before it is kept.
rekey-title = New key for { $name }
rekey-do = Check and save
rekey-done = { $name } accepts the new key.
shop-rights = Rights:

# What a shop’s statuses mean.
statuses = Order statuses
statuses-lead = What the shop’s statuses mean here, and which of them operators may set.
statuses-open = Set up
statuses-set = Set by an administrator
statuses-own = Suggested by the program
statuses-refresh = Refresh from the shop
statuses-refreshed = The statuses have been read from the shop again.
statuses-saved = The statuses are saved.
statuses-unsaved = Not saved yet
statuses-own-again = Back to the suggestion
statuses-empty = This shop has no statuses to set
statuses-empty-text = Results go into fields and notes of the order.
status-confirmed = When the customer confirms, set
status-confirmed-hint = A status that waits for a call must lead here.
status-cancelled = When the customer cancels, set
status-leave = do not change the status
status-word = Status in the shop
status-means = What it means here
status-means-what = What “{ $status }” means here
status-steps = May be changed to, and by whom
status-who = Who may change “{ $from }” to “{ $to }”
status-least-operator = everyone
status-least-supervisor = supervisor, admin
status-least-admin = admin only
status-add = add…
status-add-step = Allow “{ $from }” to be changed to
status-remove-step = No longer allow “{ $from }” → “{ $to }”
status-gone = no longer in the shop
status-drop = Take out “{ $status }”
stage-new = Waits for a call
stage-confirmed = Confirmed
stage-fulfilled = Fulfilled
stage-cancelled = Cancelled
stage-other = Other: no calls

# The quiet sign on the desk.
desk-unreachable-since = { $shop }: no connection since { $time }, you can go on
desk-unreachable-many =
    { $count ->
        [one] { $count } shop without connection, you can go on
       *[other] { $count } shops without connection, you can go on
    }
desk-unreachable-many-since =
    { $count ->
        [one] { $count } shop without connection since { $time }, you can go on
       *[other] { $count } shops without connection since { $time }, you can go on
    }
