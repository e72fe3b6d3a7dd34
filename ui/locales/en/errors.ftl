# What went wrong and what to do about it; the program’s other half reads these too.
error-field-missing =
    Fill in this field: { $field ->
        [name] name
        [login] login
        [password] password
        [address] shop address
        [user] key or user name
        [secret] secret or password
        [zone] time zone
        [code] recovery code
        [days] range of days
        [amount] amount
        [percent] percentage
        [coupon] coupon code
        [expires] expiry
        [return] goods coming back
        [reason] reason
        [order] order number
        [title] title
        [people] people
       *[other] a required one
    }.
error-field-invalid =
    This cannot be read: { $field ->
        [name] name
        [login] login
        [password] password
        [address] shop address
        [user] key or user name
        [secret] secret or password
        [zone] time zone
        [code] recovery code
        [days] range of days
        [amount] amount
        [percent] percentage
        [coupon] coupon code
        [expires] expiry
        [return] goods coming back
        [reason] reason
        [order] order number
        [hours] hours
        [weeks] number of weeks
        [date] date
        [file] file
        [title] title
        [minutes] length
        [weekdays] weekdays
       *[other] the value entered
    }. Check it and try again.
error-password-short = The password is too short. It needs at least { $least } characters.
error-login-taken = This login is taken. Choose another.
error-sign-in-wrong = The login or password is wrong. Tries left: { $left }.
error-locked-out = Too many wrong tries. Wait { $minutes } min and try again.
error-recovery-wrong = This recovery code does not fit. Check every group against your printout.
error-sign-in-needed = Sign in to go on.
error-not-allowed = Your role does not allow this. Ask an administrator.
error-last-admin = This is the last active administrator. Make someone else an administrator first.
error-store-too-new = The data was written by a newer version ({ $found }; this one reads up to { $known }). Update the program. Nothing was changed.
error-store-unreadable = This key does not open the data; nothing was changed. Use the recovery code or restore a backup.
error-key-missing = The system keyring holds no key for this data. Sign in with your password or use the recovery code.
error-disk-full = The disk is full, so this step was not kept. Free some space and try again.
error-store-in-use = This data is open in another window of the program. Close that one first.
error-store-failed = The data could not be saved or read ({ $detail }). Try again; if that does not help, make a backup and restart the program.
error-queue-empty = Nobody is due for a call right now. New orders will appear automatically.
error-task-taken = A colleague has just taken this task. Take the next one.
error-wrong-moment = That cannot be done in the current call state. The buttons show what can.
error-call-open = Finish the current call and save its result first.
error-outcome-missing = Choose how the call ended.
error-reason-missing = Choose the reason for the contact.
error-comment-missing = This outcome needs a comment. Add one.
error-callback-missing = Set a time to call back.
error-callback-past = That time has passed already. Set a later one.
error-checklist-open = Tick the required points: { $points }.
error-edits-need-confirmation = The order has been changed. Choose an outcome that confirms it, or undo the changes.
error-undo-too-late = Too late to take it back: the result is already on its way to the shop.
error-number-invalid = The customer’s number cannot be dialled. Choose “Wrong number” and say so in the comment.
error-no-phone-program = No program on this computer answers phone links. Install a softphone and make it the default for “tel:”.
error-name-differs = The name does not match. Type it exactly as shown.
error-sample-exists = The sample shop is here already. To make a new one, remove it first.
error-script-faulty = This shop’s script cannot be read. Ask an administrator to correct the script file and load it again.
error-not-found = This is not here any more. Refresh the list.
error-shop-bad-address = This address cannot be read. Enter it as in a browser, for example https://shop.example.com.
error-shop-no-tls = The connection would not be encrypted. Use an https:// address, or let an administrator allow plain HTTP.
error-shop-bad-certificate = The shop’s certificate is not trusted or has expired. Ask the shop’s administrator to renew it.
error-shop-private-address = This address is inside a private network. If the shop really is there, allow it under “Advanced”.
error-shop-wrong-key = The shop does not accept this key or password. Copy it again from the shop’s admin panel.
error-shop-no-read-right =
    The key is right but may not read: { $what ->
        [orders] orders
        [products] products
        [customers] customers
        [settings] settings
       *[other] this data
    }. Give it this right in the shop’s admin panel.
error-shop-no-write-right = The key is right but may not write, so results would not reach the shop. Give it read and write access.
error-shop-not-a-shop = What answers at this address is not a shop of this kind. Check the address and the kind.
error-shop-unreachable = The shop does not answer. Check the address and the internet connection; you can go on, results will be sent later.
error-shop-timed-out = The shop did not answer in time. It will be tried again automatically.
error-shop-busy = The shop asks us to wait. It will be tried again automatically.
error-shop-fault = The shop has a fault of its own (status { $status }). It will be tried again automatically.
error-shop-bad-reply = The shop’s answer cannot be understood. Tell the shop’s administrator; a plugin may be interfering.
error-shop-order-gone = The shop has no such order any more. Check it in the shop’s admin panel.
error-shop-refused = The shop did not accept the change ({ $detail }). Make it in the shop’s admin panel, or remove the cause and try again.
error-shop-conflict = The same thing was changed in the shop meanwhile ({ $detail }). Compare both and decide which is to stay.
error-shop-unsupported = This shop cannot do that. Make the change in the shop’s admin panel.
error-shop-moved = The shop sends us on to another address: { $host }. Check it and enter the shop’s current address.
error-centre-missing = There is no centre in this folder yet. Make one first: open the desk, or run “dzvinok init”.
error-shop-differs = This key opens another shop: it has none of the orders known here. Use the key of this shop, and connect that one separately.
error-shop-ambiguous = Several shops have an order with this number. Name the shop.
error-status-step-unknown = The order may not go from “{ $from }” to “{ $to }”. Choose “Call back later” and ask an administrator to allow this step in the shop’s settings.
error-status-step-denied = Your role may not move an order from “{ $from }” to “{ $to }”. Role needed: { $role }. Choose “Call back later” and pass the order on.
error-status-word-twice = The status “{ $word }” is listed twice. Keep one row.
error-status-word-unknown = The shop has no status “{ $word }”. Correct it, or fetch the shop’s statuses again.
error-status-target-missing = No status is chosen for confirmed orders. Choose one, or the shop will not learn of a confirmation.
error-status-target-out-of-reach = No status of new orders leads to “{ $to }”. Allow at least one such step.
error-choice-impossible = This cannot be decided so. Possible decisions: { $choices }.
error-conflict-moved = The shop has just changed it once more. Look at the new values and decide again.
error-refund-too-much = Too much: { $left } is left to refund. Enter a smaller amount.
error-import-too-large = The file is larger than { $most } MB. Export fewer months at a time and import them one after another.
error-history-short =
    There is too little history for a forecast: { $missing ->
        [one] one more day is needed
       *[other] { $missing } more days are needed
    }. Import a report of the telephone exchange, or wait until calls have been made.
error-language-untold = This client’s history tells no calls in this language. Choose all languages, or import a report that tells the language.
error-staffing-invalid =
    These rules cannot hold. { $field ->
        [service_level] Set a service level above 0 and up to 99.9 %.
        [threshold] Set a threshold of at most one hour.
        [patience] Set a patience between 1 second and 10 hours.
        [occupancy] Set an occupancy between 10 and 100 %.
        [asa] Set an average speed of answer between 1 second and 1 hour.
        [abandonment] Set a share of abandoned calls above 0 and below 100 %.
        [shrinkage] Set shrinkage so that its parts come to at most 90 %.
        [deadline] Set a deadline for confirmations between 1 and 72 hours.
        [interval] Set an interval of 15, 30 or 60 minutes.
        [team] Give the team a name of at most 60 letters.
        [open] Set opening hours that begin and end on a quarter of an hour and do not overlap.
        [load_factor] Try a load between 0 and 10 times the forecast.
       *[other] Check the value entered.
    }
error-plan-solving = A search for a better plan is running. Stop it first, or wait until it ends.
error-plan-published = This plan has been published and cannot be discarded. Change it and publish it again.
error-nothing-to-undo = There is no manual change left to undo.
error-swap-stale = One of these shifts has changed since. Look at the current schedule and ask again.
error-swap-day-taken = One of you already works on the day of the other’s shift. Choose a shift on a day off.
error-shift-past = This shift has already begun. Choose a later one.
error-day-past = This day is over. Choose today or a later day.
error-request-open = You have already asked for this. Wait for the answer, or withdraw the earlier request.
error-request-decided = This request has already been decided. Look at the list again.
