# When calls come, how they end and why they are made.
load-title = Load
load-shop = Shop
load-sample = Sample
load-range = Days
load-days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
load-own-range = Own range
load-from = From
load-to = To
load-no-shops = No shop is connected yet
load-no-shops-text = Once a shop is connected and calls are made, you will see here when they come and how they end.
load-connect = Connect a shop
load-empty = No calls in these days
load-empty-known = There are calls from { $from } to { $to }.
load-empty-text = Calls appear here as soon as the first one is saved.
load-show-all = Show all days
load-to-desk = To the desk
load-figure-calls = Calls
load-figure-answered = Answered
load-figure-confirmed = Orders confirmed
load-figure-aht = AHT
load-figure-aht-long = Average handle time: talk, hold and wrap-up of answered calls
load-figure-per-day = Calls a day
load-heat = Calls by weekday and hour
load-zone = time zone { $zone }
load-fewer = fewer
load-more = more
load-all = All
load-cell =
    { $calls ->
        [one] { $day }, { $hours }: { $calls } call, { $mean } per hour on average
       *[other] { $day }, { $hours }: { $calls } calls, { $mean } per hour on average
    }
load-day-total =
    { $calls ->
        [one] { $day }: { $calls } call
       *[other] { $day }: { $calls } calls
    }
load-hour-total =
    { $calls ->
        [one] { $hours }: { $calls } call
       *[other] { $hours }: { $calls } calls
    }
load-grand-total =
    { $calls ->
        [one] { $calls } call in all
       *[other] { $calls } calls in all
    }
load-thousands = { $thousands }k
load-tip-calls =
    { $calls ->
        [one] { $calls } call in the range
       *[other] { $calls } calls in the range
    }
load-tip-mean = { $mean } per hour on average
load-outcomes = Outcomes
load-reasons = Contact reasons
load-no-reason = No reason given
load-not-saved = Not saved
load-none = No such calls
load-none-text = Take a filter away or choose other days.
load-calls = Calls
load-all-calls = All calls
load-back = Back
load-filter = Filter
load-without = Take away the filter “{ $words }”
load-keys = Load
load-key-back = Back to the heat map
load-column-started = Started
load-column-person = Operator
load-column-order = Order
load-column-customer = Customer
load-column-phone = Phone
load-column-outcome = Outcome
load-column-reason = Reason
load-column-talk = Talk
load-column-handle = Handle
load-call = Call
load-states = Course of the call
load-talk = talk
load-handle = handle time
load-script = Script
load-said = said
load-ticked = Checklist
load-edits = Changes to the order
load-operations = At the shop
