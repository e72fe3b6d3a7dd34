# Wymiana ze sklepami: jak przebiega, co czeka na człowieka.
nav-sync = Synchronizacja
sync-lead = Jak przebiega wymiana z każdym sklepem i co czeka na Twoją decyzję.
sync-empty-text = Sklepy podłącza administrator.
sync-col-shop = Sklep
sync-col-pull = Ostatnia synchronizacja
figure-conflicts = konflikty
sync-lag = opóźnienie { $for }
sync-being-sent = wysyłane: { $count }
sync-oldest = najstarszy od { $time }
sync-paused-until = przerwa do { $time }
sync-next-try = Następna próba: { $when }
sync-open-list = { $what }: { $count }. Otwórz listę
sync-lists = Co czeka
sync-list-conflicts = Konflikty
sync-list-dead = Nieprzekazane
sync-list-queue = Przekazywane
sync-kept =
    { $count ->
        [one] { $count } wynik czeka tutaj i trafi do sklepu, gdy tylko ten odpowie.
        [few] { $count } wyniki czekają tutaj i trafią do sklepu, gdy tylko ten odpowie.
        [many] { $count } wyników czeka tutaj i trafi do sklepu, gdy tylko ten odpowie.
       *[other] { $count } wyniku czeka tutaj i trafi do sklepu, gdy tylko ten odpowie.
    }
sync-waiting =
    { $count ->
        [one] { $count } wynik czeka na decyzję
        [few] { $count } wyniki czekają na decyzję
        [many] { $count } wyników czeka na decyzję
       *[other] { $count } wyniku czeka na decyzję
    }
sync-empty-conflicts = Brak konfliktów
sync-empty-conflicts-text = Gdy sklep i konsultant zmienią to samo, tutaj decydujesz, co zostaje.
sync-empty-dead = Nic nie utknęło
sync-empty-dead-text = Tutaj pojawia się wynik, którego sklep nie przyjął, z przyczyną i wskazówką, co zrobić.
sync-key-next = Następny sklep
sync-key-before = Poprzedni sklep

# Co jest odczytywane ze sklepu.
stream-orders = Zamówienia
stream-products = Produkty
stream-customers = Klienci
stream-not-yet = jeszcze nie wczytano
stream-fault = błąd

# Wynik, który nie dotarł, i decyzja człowieka.
letter-since = wstrzymano { $when }
letter-tries =
    { $count ->
        [one] { $count } próba
        [few] { $count } próby
        [many] { $count } prób
       *[other] { $count } próby
    }
letter-behind =
    { $count ->
        [one] Na tę decyzję czeka jeszcze { $count } wynik tego zamówienia.
        [few] Na tę decyzję czekają jeszcze { $count } wyniki tego zamówienia.
        [many] Na tę decyzję czeka jeszcze { $count } wyników tego zamówienia.
       *[other] Na tę decyzję czeka jeszcze { $count } wyniku tego zamówienia.
    }
letter-wanted = Do wykonania
letter-why = Dlaczego się nie udało
letter-choose = Jaka jest Twoja decyzja?
letter-choice-ours = Zostaje nasze
letter-choice-theirs = Zostaje jak w sklepie
letter-choice-retry = Spróbuj ponownie
letter-choice-drop = Zrezygnuj
letter-hint-ours = Wyślemy ponownie, zastępując to, co jest teraz w sklepie.
letter-hint-theirs = Nasze zostanie cofnięte; w dzienniku zostaje, kto zdecydował.
letter-hint-retry = Jeśli przyczyna została usunięta.
letter-hint-drop = Niepotrzebne albo zrobione ręcznie w sklepie.
letter-decide = Zdecyduj
letter-do-ours = Wyślij nasze
letter-do-theirs = Zostaw jak jest
letter-do-retry = Ponów
letter-do-drop = Zrezygnuj
letter-done-ours = Nr { $order }: wyślemy nasze.
letter-done-theirs = Nr { $order }: zostaje jak w sklepie.
letter-done-retry = Nr { $order }: spróbujemy ponownie.
letter-done-drop = Nr { $order }: zrezygnowano z przekazania.
letter-key-choose = Wybierz decyzję
letter-key-next = Następny przypadek
letter-key-before = Poprzedni przypadek
letter-key-do = Wykonaj decyzję
clash-field = Co
clash-base = Jak było
clash-base-hint = na początku rozmowy
clash-ours = Nasze
clash-theirs = W sklepie
clash-holds = wybrano
clash-someone = ktoś w sklepie
clash-not-there = nie było

# Nowy klucz sklepu.
rekey = Nowy klucz
rekey-card = Dostęp do sklepu
rekey-lead = Gdy stary klucz unieważniono lub wymieniono. Nowy jest najpierw sprawdzany w sklepie, a potem zapisywany.
rekey-title = Nowy klucz dla „{ $name }”
rekey-do = Sprawdź i zapisz
rekey-done = „{ $name }” przyjmuje nowy klucz.
shop-rights = Uprawnienia:

# Co oznaczają statusy sklepu.
statuses = Statusy zamówień
statuses-lead = Co statusy sklepu oznaczają tutaj i które mogą ustawiać konsultanci.
statuses-open = Skonfiguruj
statuses-set = Ustawione przez administratora
statuses-own = Zaproponowane przez program
statuses-refresh = Odśwież ze sklepu
statuses-refreshed = Statusy ponownie odczytano ze sklepu.
statuses-saved = Statusy zapisano.
statuses-unsaved = Jeszcze nie zapisano
statuses-own-again = Przywróć propozycję
statuses-empty = Ten sklep nie ma statusów do ustawienia
statuses-empty-text = Wyniki trafiają do pól i notatek zamówienia.
status-confirmed = Gdy klient potwierdza, ustaw
status-confirmed-hint = Musi tu prowadzić status, który czeka na telefon.
status-cancelled = Gdy klient anuluje, ustaw
status-leave = nie zmieniaj statusu
status-word = Status w sklepie
status-means = Co to oznacza tutaj
status-means-what = Co oznacza tutaj „{ $status }”
status-steps = Na co i kto może zmienić
status-who = Kto może zmienić „{ $from }” na „{ $to }”
status-least-operator = wszyscy
status-least-supervisor = supervisor, admin
status-least-admin = tylko admin
status-add = dodaj…
status-add-step = Pozwól zmieniać „{ $from }” na
status-remove-step = Nie pozwalaj już na „{ $from }” → „{ $to }”
status-gone = w sklepie już nie ma
status-drop = Usuń „{ $status }”
stage-new = Czeka na telefon
stage-confirmed = Potwierdzone
stage-fulfilled = Zrealizowane
stage-cancelled = Anulowane
stage-other = Inne: nie dzwonimy

# Cichy znak na stanowisku.
desk-unreachable-since = { $shop }: brak połączenia od { $time }, można pracować
desk-unreachable-many =
    { $count ->
        [one] { $count } sklep bez połączenia, można pracować
        [few] { $count } sklepy bez połączenia, można pracować
        [many] { $count } sklepów bez połączenia, można pracować
       *[other] { $count } sklepu bez połączenia, można pracować
    }
desk-unreachable-many-since =
    { $count ->
        [one] { $count } sklep bez połączenia od { $time }, można pracować
        [few] { $count } sklepy bez połączenia od { $time }, można pracować
        [many] { $count } sklepów bez połączenia od { $time }, można pracować
       *[other] { $count } sklepu bez połączenia od { $time }, można pracować
    }
