# Kiedy są rozmowy, czym się kończą i po co się je prowadzi.
load-title = Obciążenie
load-shop = Sklep
load-sample = Przykład
load-range = Dni
load-days =
    { $days ->
        [one] { $days } dzień
        [few] { $days } dni
        [many] { $days } dni
       *[other] { $days } dnia
    }
load-own-range = Własny zakres
load-from = Od
load-to = Do
load-no-shops = Nie podłączono jeszcze żadnego sklepu
load-no-shops-text = Gdy sklep zostanie podłączony i ruszą rozmowy, tutaj będzie widać, kiedy jest ich najwięcej i czym się kończą.
load-connect = Podłącz sklep
load-empty = Brak rozmów w tych dniach
load-empty-known = Są rozmowy od { $from } do { $to }.
load-empty-text = Rozmowy pojawią się tu po zapisaniu pierwszej z nich.
load-show-all = Pokaż wszystkie dni
load-to-desk = Przejdź do stanowiska
load-figure-calls = Rozmowy
load-figure-answered = Odebrane
load-figure-confirmed = Potwierdzone zamówienia
load-figure-aht = AHT
load-figure-aht-long = Średni czas obsługi: rozmowa, wstrzymanie i praca po rozmowie dla odebranych połączeń
load-figure-per-day = Rozmów dziennie
load-heat = Rozmowy według dni tygodnia i godzin
load-zone = strefa czasowa { $zone }
load-fewer = mniej
load-more = więcej
load-all = Razem
load-cell =
    { $calls ->
        [one] { $day }, { $hours }: { $calls } rozmowa, średnio { $mean } na godzinę
        [few] { $day }, { $hours }: { $calls } rozmowy, średnio { $mean } na godzinę
        [many] { $day }, { $hours }: { $calls } rozmów, średnio { $mean } na godzinę
       *[other] { $day }, { $hours }: { $calls } rozmowy, średnio { $mean } na godzinę
    }
load-day-total =
    { $calls ->
        [one] { $day }: { $calls } rozmowa
        [few] { $day }: { $calls } rozmowy
        [many] { $day }: { $calls } rozmów
       *[other] { $day }: { $calls } rozmowy
    }
load-hour-total =
    { $calls ->
        [one] { $hours }: { $calls } rozmowa
        [few] { $hours }: { $calls } rozmowy
        [many] { $hours }: { $calls } rozmów
       *[other] { $hours }: { $calls } rozmowy
    }
load-grand-total =
    { $calls ->
        [one] Razem { $calls } rozmowa
        [few] Razem { $calls } rozmowy
        [many] Razem { $calls } rozmów
       *[other] Razem { $calls } rozmowy
    }
load-thousands = { $thousands } tys.
load-tip-calls =
    { $calls ->
        [one] { $calls } rozmowa w tym okresie
        [few] { $calls } rozmowy w tym okresie
        [many] { $calls } rozmów w tym okresie
       *[other] { $calls } rozmowy w tym okresie
    }
load-tip-mean = średnio { $mean } na godzinę
load-outcomes = Wyniki
load-reasons = Powody kontaktu
load-no-reason = Nie podano powodu
load-not-saved = Nie zapisano
load-none = Nie ma takich rozmów
load-none-text = Usuń filtr albo wybierz inne dni.
load-calls = Rozmowy
load-all-calls = Wszystkie rozmowy
load-back = Wstecz
load-filter = Filtr
load-without = Usuń filtr „{ $words }”
load-keys = Obciążenie
load-key-back = Wróć do mapy cieplnej
load-column-started = Początek
load-column-person = Konsultant
load-column-order = Zamów.
load-column-customer = Klient
load-column-phone = Telefon
load-column-outcome = Wynik
load-column-reason = Powód
load-column-talk = Rozmowa
load-column-handle = Obsługa
load-call = Rozmowa
load-states = Przebieg rozmowy
load-talk = rozmowa
load-handle = obsługa
load-script = Skrypt
load-said = powiedziane
load-ticked = Lista kontrolna
load-edits = Zmiany w zamówieniu
load-operations = W sklepie
