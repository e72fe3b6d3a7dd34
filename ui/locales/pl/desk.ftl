# Stanowisko konsultanta.
action-next_task = Następne zadanie
action-put_back = Zwróć do kolejki
action-dial = Zadzwoń
action-answered = Odebrano
action-no_answer = Nie odbiera
action-busy = Zajęte
action-hold = Wstrzymaj
action-resume = Wznów rozmowę
action-hang_up = Zakończ
action-save = Zapisz i dalej
action-pause = Przerwa
action-ready = Wróć do pracy
desk-strip = Stan rozmowy
desk-due = Do obdzwonienia
desk-waiting = W kolejce
desk-saved-today = Dzisiaj
desk-unreachable = { $shop }: brak połączenia, można pracować
desk-unreachable-hint = Wyniki są przechowywane tutaj i trafią do sklepu, gdy tylko odpowie.
desk-pause-why = Powód przerwy
desk-actions = Działania w rozmowie
desk-call = Rozmowa
desk-save-only = Tylko zapisz
desk-queue = Kolejka
desk-queue-due = teraz { $due } z { $total }
desk-queue-none = Nikt nie czeka.
desk-promised = Obiecany telefon
desk-promised-at = obiecano na { $time }
desk-attempt = Próba { $number }
desk-next-lead =
    { $due ->
        [one] Na telefon czeka { $due } klient
        [few] Na telefon czekają { $due } klienci
        [many] Na telefon czeka { $due } klientów
       *[other] Na telefon czeka { $due } klienta
    }
desk-next-hint = Aby wybrać kogoś innego, przejdź do kolejki:
desk-placed = zamówiono { $when }
desk-paused = Masz przerwę
desk-nobody = Do wszystkich już zadzwoniono
desk-nobody-now = Teraz nie ma do kogo dzwonić
desk-nobody-hint = Nowe zamówienia przychodzą automatycznie. Można też od razu sprawdzić sklepy.
desk-next-due = Następny telefon: { $time } ({ $when })
desk-next-promised = Następny obiecany telefon: { $time } ({ $when })
desk-no-shops = Nie podłączono jeszcze żadnego sklepu, więc nie ma do kogo dzwonić.
desk-connect-shop = Podłącz sklep
desk-look-now = Sprawdź nowe zamówienia
desk-script = Skrypt
desk-trail = Dotychczasowe kroki
desk-trail-said = powiedziane
desk-step-back = Wstecz
desk-gap = brak danych: { $name }
desk-answers-later = Odpowiedzi będą dostępne, gdy klient odbierze
desk-other-answer = Brak takiej odpowiedzi
desk-other-answer-words = Co powiedział klient?
desk-other-answer-keep = Zanotuj
desk-other-answer-noted = Zanotowano dla autora skryptu
desk-said = Powiedziane, dalej
desk-script-ended = Skrypt zakończony. Pożegnaj się i zakończ rozmowę.
desk-checklist = Lista kontrolna
desk-checklist-done = { $done } z { $all }
desk-checklist-open =
    { $open ->
        [one] Został { $open } wymagany punkt
        [few] Zostały { $open } wymagane punkty
        [many] Zostało { $open } wymaganych punktów
       *[other] Zostało { $open } wymaganego punktu
    }
desk-point-required = wymagane
desk-comment = Komentarz
desk-comment-needed = potrzebny przy tym wyniku
desk-not-kept = Jeszcze nie zapisano, próbujemy ponownie
desk-result = Podsumowanie rozmowy
desk-outcome = Wynik
desk-reason = Powód kontaktu
desk-subreason = Szczegóły powodu
desk-callback = Kiedy oddzwonić
desk-callback-hour = Za godzinę
desk-callback-evening = Dziś wieczorem
desk-callback-tomorrow = Jutro rano
desk-callback-day = Dzień oddzwonienia
desk-callback-clock = Godzina oddzwonienia
desk-callback-clock-sample = 14:30
desk-callback-zone = według czasu klienta
desk-callback-here = według czasu klienta, u Ciebie { $time }
desk-today = Dzisiaj, { $day }
desk-tomorrow = Jutro, { $day }
desk-saved = Zapisano nr { $number }: { $outcome }
desk-undo = Cofnij
desk-order = Zamówienie i klient
desk-number = nr { $number }
desk-phone-masked = Pełny numer pojawi się po wybraniu.
desk-local-time = u klienta { $time }
desk-remark = Uwagi klienta
desk-pieces-of = Liczba sztuk: { $name }
desk-fewer = O jedną sztukę mniej: { $name }
desk-more = O jedną sztukę więcej: { $name }
desk-line-changed = było { $before } → jest { $now }
desk-line-added = dodano
desk-line-removed = usunięto
desk-lines-fixed = Ten sklep nie pozwala stąd zmieniać produktów w zamówieniu.
desk-find-product = Dodaj produkt
desk-products = Znalezione produkty
desk-no-product = Nie ma takiego produktu
desk-product-added = Dodano: { $name }
desk-in-stock = na stanie: { $pieces }
desk-out-of-stock = brak na stanie
desk-delivery-total = Koszt dostawy
desk-total-before = Było do zapłaty
desk-total = Do zapłaty
desk-address = Adres
desk-delivery = Dostawa
desk-payment = Płatność
desk-not-given = nie podano
desk-history = Wcześniejsze rozmowy
desk-not-saved = Nie zapisano
desk-keys-call = Rozmowa
desk-keys-script = Skrypt
desk-keys-order = Zamówienie
desk-keys-result = Wynik
desk-key-go-on = Dalej: zadanie, wybieranie, odebranie
desk-key-hold = Wstrzymaj lub wznów rozmowę
desk-key-pause = Przerwa lub powrót do pracy
desk-key-queue = Przejdź do kolejki
desk-key-digit = Odpowiedź lub wynik według numeru
desk-key-other-answer = Brak takiej odpowiedzi
desk-key-step-back = Krok wstecz
desk-key-find-product = Dodaj produkt
desk-key-order-lines = Produkty w zamówieniu
desk-key-reason = Powód kontaktu
desk-key-subreason = Szczegóły powodu
desk-key-comment = Komentarz
desk-key-save = Zapisz i weź następne
desk-key-undo = Cofnij zapis
desk-key-leave = Wyjdź z pola, tekst zostanie
