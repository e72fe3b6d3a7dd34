# Co na zamówieniu czytają pracownicy sklepu. W języku sklepu.
note-result = Dzvinok, rozmowa: { $operator }, { $at }. Wynik: { $outcome }. { $reason }
note-changed = { $name }: { $before } → { $now }
