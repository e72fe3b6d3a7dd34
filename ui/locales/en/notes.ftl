# What the shop's staff read on the order. Written in the shop's language.
note-result = Dzvinok, call by { $operator }, { $at }: { $outcome }. { $reason }

greeting-morning = Good morning
greeting-day = Good afternoon
greeting-evening = Good evening
