# Kto i kiedy pracuje: grafiki, umowy, zmiany, wnioski.
nav-plan = Grafik
plan-title = Grafik zmian
plan-lead = Grafik rozdziela zmiany na całe tygodnie. Konsultanci widzą go po opublikowaniu.
plan-tab-plans = Grafiki
plan-tab-requests = Wnioski
plan-tab-contracts = Warunki pracy
plan-tab-templates = Wzory zmian
plan-none = Nie ma jeszcze grafiku
plan-none-text = Utwórz grafik na najbliższe tygodnie: wyszukiwanie wypełni go w kilka sekund, a resztę zmienisz ręcznie.
plan-new = Nowy grafik
plan-new-lead = Na początku pusty, zaczyna się w poniedziałek.
plan-first-monday = Pierwszy poniedziałek
plan-length = Długość
plan-make = Utwórz grafik
plan-weeks =
    { $weeks ->
        [one] { $weeks } tydzień
        [few] { $weeks } tygodnie
        [many] { $weeks } tygodni
       *[other] { $weeks } tygodnia
    }
plan-column-days = Dni
plan-column-state = Stan
plan-column-shifts = Zmian
plan-column-made = Utworzono
plan-draft = Szkic
plan-published = Opublikowany
plan-changed-since = Zmieniony po publikacji
plan-actions-for = Działania na grafiku { $plan }
plan-compare = Porównaj z innym
plan-drop = Wyrzuć
plan-drop-title = Wyrzucić ten szkic?
plan-drop-lead = { $plan }: znikną wszystkie zmiany i ręczne poprawki. Nikt tego grafiku jeszcze nie widział.
plan-back = Wszystkie grafiki
plan-back-to-grid = Wróć do wszystkich dni
plan-more = Więcej
plan-publish = Opublikuj
plan-publish-title = Opublikować grafik?
plan-publish-lead =
    { $people ->
        [0] U nikogo nic się nie zmieniło.
        [one] O nowych lub zmienionych zmianach dowie się { $people } osoba.
        [few] O nowych lub zmienionych zmianach dowiedzą się { $people } osoby.
        [many] O nowych lub zmienionych zmianach dowie się { $people } osób.
       *[other] O nowych lub zmienionych zmianach dowie się { $people } osoby.
    }
plan-publish-fine = Żadna reguła nie jest złamana.
plan-publish-broken =
    { $rules ->
        [one] Ręcznie złamano { $rules } regułę.
        [few] Ręcznie złamano { $rules } reguły.
        [many] Ręcznie złamano { $rules } reguł.
       *[other] Ręcznie złamano { $rules } reguły.
    }
plan-published-told =
    { $people ->
        [0] Opublikowano. Nie było kogo powiadomić.
        [one] Opublikowano. Powiadomiono { $people } osobę.
        [few] Opublikowano. Powiadomiono { $people } osoby.
        [many] Opublikowano. Powiadomiono { $people } osób.
       *[other] Opublikowano. Powiadomiono { $people } osoby.
    }
plan-replan = Przeplanuj od dnia
plan-replan-title = Przeplanuj od dnia
plan-replan-lead = To, co wcześniej, zostaje. Dalej zmieni się jak najmniej; przypięte zmiany się nie ruszają.
plan-replan-from = Od
plan-export-xlsx = Tabela (XLSX)
plan-export-pdf = Na ścianę (PDF)
plan-export-payroll = Godziny do płac (CSV)
plan-export-ics = Kalendarz jednej osoby
plan-export-ics-lead = Plik otworzy każdy program z kalendarzem.
plan-exported = Zapisano: { $path }
plan-person = Osoba
plan-meeting = Spotkanie lub szkolenie…
plan-solve = Zaplanuj
plan-stop = Zatrzymaj
plan-time-limit = Czas szukania
plan-solving = { $elapsed } z { $limit }
plan-solve-progress = Szukanie lepszego grafiku
plan-cost-fell = Koszt pierwszego grafiku { $first }, najlepszego dotąd { $now }
plan-grid = Zmiany według osób i dni
plan-people =
    { $people ->
        [one] { $people } osoba
        [few] { $people } osoby
        [many] { $people } osób
       *[other] { $people } osoby
    }
plan-wanted-hours = potrzeba, h
plan-present-hours = na linii, h
plan-wanted = potrzeba
plan-present = na linii
plan-day-hours = potrzeba { $wanted } h, na linii { $present } h
plan-day-slot = potrzeba { $wanted }, na linii { $present }
plan-day-before = Poprzedni dzień
plan-day-after = Następny dzień
plan-day-chart = Ilu osób potrzeba i ile jest na linii, co interwał
plan-day-nobody = Tego dnia nikt nie pracuje
plan-multi-skill = Multiskill…
plan-multi-skill-title = Poziom obsługi z multiskillem
plan-multi-skill-lead = Połączenia tego dnia rozegrano dwa razy: gdy każdy odbiera tylko na linii swojej zmiany i gdy wolna osoba odbiera na każdej linii ze swoich warunków pracy.
plan-multi-skill-calls = Połączenia
plan-multi-skill-single = Linia zmiany
plan-multi-skill-multi = Multiskill
plan-multi-skill-several =
    { $people ->
        [one] { $people } osoba na zmianie może odbierać na kilku liniach.
        [few] { $people } osoby na zmianie mogą odbierać na kilku liniach.
        [many] { $people } osób na zmianie może odbierać na kilku liniach.
       *[other] { $people } osoby na zmianie może odbierać na kilku liniach.
    }
plan-multi-skill-nobody = Nikt na zmianie nie może odbierać na drugiej linii. Dodaj projekty w warunkach pracy, aby zobaczyć, co to da.
plan-all-projects = Wszystkie projekty
plan-project = Projekt
plan-break-paid = Przerwa płatna
plan-break-unpaid = Przerwa niepłatna
plan-hours-of = Zaplanowano { $planned }, w umowie { $contract }
plan-free = wolne
plan-short-off = url
plan-short-wish = życz.
plan-short-day-off = wol
plan-mark-pinned = przypięta
plan-mark-off-pinned = przypięty dzień wolny
plan-mark-changed = zmieniona po publikacji
plan-mark-broken = łamie regułę
plan-mark-off = urlop lub wolne
plan-mark-wish = życzenie wolnego
plan-legend = Oznaczenia
plan-hint = Przeciągnij, by przenieść, z Ctrl kopia, Enter wybiera zmianę, F1 pokazuje klawisze
plan-shift-menu = Wybierz zmianę
plan-pin = Przypnij
plan-unpin = Odepnij
plan-pin-off = Przypnij dzień wolny
plan-unpin-off = Odepnij dzień wolny
plan-remove-shift = Zdejmij zmianę
plan-undo = Cofnij
plan-no-new-broken = Nic nowego nie złamano
plan-standing = Stan grafiku
plan-service-level = Poziom obsługi
plan-uncovered-hours = Braki, h
plan-surplus-hours = Nadmiar, h
plan-cost = Koszt
plan-broken = Złamane reguły
plan-broken-none = Żadna reguła nie jest złamana
plan-uncovered = Brakuje osób
plan-uncovered-none = Każdy interwał jest obsadzony
plan-show-all =
    { $more ->
        [one] Pokaż jeszcze { $more }
        [few] Pokaż jeszcze { $more }
        [many] Pokaż jeszcze { $more }
       *[other] Pokaż jeszcze { $more }
    }
plan-compare-title = Dwa grafiki obok siebie
plan-compare-one = Jest tylko jeden grafik
plan-compare-one-text = Utwórz drugi, by je porównać.
plan-compare-left = Pierwszy
plan-compare-right = Drugi
plan-compare-apart = Te grafiki nie mają wspólnych dni
plan-differences =
    { $days ->
        [0] Nic się nie różni
        [one] Różni się { $days } osobodzień
        [few] Różnią się { $days } osobodni
        [many] Różni się { $days } osobodni
       *[other] Różni się { $days } osobodnia
    }
plan-keys = Grafik
plan-key-menu = Wybierz zmianę do komórki
plan-key-remove = Zdejmij zmianę
plan-key-pin = Przypnij lub odepnij zmianę albo dzień wolny
plan-key-carry = Podnieś zmianę, by ją przenieść
plan-key-copy = Kopiuj zmianę
plan-key-paste = Wklej skopiowaną zmianę
plan-key-undo = Cofnij ostatnią poprawkę
plan-key-drop = Połóż tu zmianę
plan-key-drop-copy = Połóż tu jej kopię
plan-key-let-go = Puść zmianę bez przenoszenia
plan-key-back = Wróć do wszystkich dni
plan-key-panel = Pokaż lub ukryj stan grafiku
plan-key-meeting = Zaplanuj spotkanie lub szkolenie
cost-under = Za mało osób
cost-over = Za dużo osób
cost-wishes = Niespełnione życzenia
cost-fairness = Nierówny podział
cost-hours = Odchylenia od etatu
cost-changes = Zmiany po publikacji
rule-broken-one_shift_a_day =
    { $is ->
        [one] { $is } zmiana w jednym dniu, najwyżej { $limit }
        [few] { $is } zmiany w jednym dniu, najwyżej { $limit }
        [many] { $is } zmian w jednym dniu, najwyżej { $limit }
       *[other] { $is } zmiany w jednym dniu, najwyżej { $limit }
    }
rule-broken-rest = odpoczynek między zmianami { $is }, co najmniej { $limit }
rule-broken-weekly_rest = odpoczynek tygodniowy { $is }, co najmniej { $limit }
rule-broken-day_minutes = { $is } w dniu, najwyżej { $limit }
rule-broken-week_minutes = { $is } w tygodniu, najwyżej { $limit }
rule-broken-max_minutes = { $is } w grafiku, najwyżej { $limit }
rule-broken-min_minutes = { $is } w grafiku, co najmniej { $limit }
rule-broken-consecutive_days =
    { $is ->
        [one] { $is } dzień pracy z rzędu, najwyżej { $limit }
        [few] { $is } dni pracy z rzędu, najwyżej { $limit }
        [many] { $is } dni pracy z rzędu, najwyżej { $limit }
       *[other] { $is } dnia pracy z rzędu, najwyżej { $limit }
    }
rule-broken-min_consecutive_days =
    { $is ->
        [one] { $is } dzień pracy z rzędu, co najmniej { $limit }
        [few] { $is } dni pracy z rzędu, co najmniej { $limit }
        [many] { $is } dni pracy z rzędu, co najmniej { $limit }
       *[other] { $is } dnia pracy z rzędu, co najmniej { $limit }
    }
rule-broken-consecutive_days_off =
    { $is ->
        [one] { $is } dzień wolny z rzędu, co najmniej { $limit }
        [few] { $is } dni wolne z rzędu, co najmniej { $limit }
        [many] { $is } dni wolnych z rzędu, co najmniej { $limit }
       *[other] { $is } dnia wolnego z rzędu, co najmniej { $limit }
    }
rule-broken-weekends =
    { $is ->
        [one] { $is } weekend w pracy, najwyżej { $limit }
        [few] { $is } weekendy w pracy, najwyżej { $limit }
        [many] { $is } weekendów w pracy, najwyżej { $limit }
       *[other] { $is } weekendu w pracy, najwyżej { $limit }
    }
rule-broken-nights =
    { $is ->
        [one] { $is } noc z rzędu, najwyżej { $limit }
        [few] { $is } noce z rzędu, najwyżej { $limit }
        [many] { $is } nocy z rzędu, najwyżej { $limit }
       *[other] { $is } nocy z rzędu, najwyżej { $limit }
    }
rule-broken-time_off = ma urlop lub wolne
rule-broken-skill = brak atestacji do projektu
rule-broken-succession = ta zmiana nie może iść po poprzedniej
rule-broken-shift_kind =
    { $is ->
        [one] { $is } taka zmiana, najwyżej { $limit }
        [few] { $is } takie zmiany, najwyżej { $limit }
        [many] { $is } takich zmian, najwyżej { $limit }
       *[other] { $is } takiej zmiany, najwyżej { $limit }
    }
rule-broken-template_day = w ten dzień tygodnia tej zmiany nie ma
rule-broken-weekday = nie pracuje w ten dzień tygodnia
rule-broken-forbidden = tej zmiany nie dostaje
rule-broken-pinned = dzień jest przypięty
obstacle-one_shift_a_day = pracuje już tego dnia: { $people }
obstacle-rest = odpoczynek między zmianami: { $people }
obstacle-weekly_rest = odpoczynek tygodniowy: { $people }
obstacle-day_minutes = godziny dnia: { $people }
obstacle-week_minutes = godziny tygodnia: { $people }
obstacle-max_minutes = wyczerpane godziny: { $people }
obstacle-min_minutes = minimum godzin: { $people }
obstacle-consecutive_days = dni z rzędu: { $people }
obstacle-min_consecutive_days = za mało dni z rzędu: { $people }
obstacle-consecutive_days_off = dni wolne z rzędu: { $people }
obstacle-weekends = weekendy: { $people }
obstacle-nights = noce: { $people }
obstacle-time_off = urlopy: { $people }
obstacle-skill = bez atestacji: { $people }
obstacle-succession = kolejność zmian: { $people }
obstacle-shift_kind = liczba takich zmian: { $people }
obstacle-template_day = dzień tygodnia: { $people }
obstacle-weekday = nie pracują w ten dzień tygodnia: { $people }
obstacle-forbidden = tej zmiany nie dostają: { $people }
obstacle-pinned = przypięte: { $people }
request-none = Nikt nie czeka na odpowiedź
request-none-text = Tu pojawią się wnioski o zamianę i wolne.
request-waiting = Czekają na Ciebie
request-decided = Ostatnio rozpatrzone
request-swap = prosi o zamianę
request-take_over = prosi o przejęcie zmiany
request-time_off = prosi o wolne
request-wish = ma życzenie co do wolnego
request-state-asked_colleague = Czeka na kolegę
request-state-asked_supervisor = Czeka na supervisora
request-state-approved = Zatwierdzone
request-state-declined = Odrzucone
request-state-withdrawn = Wycofane
request-said = „{ $reason }”
request-answer = Odpowiedź
request-would-break = Złamałoby reguły
request-breaks-nothing = Nie łamie żadnej reguły
request-words = Komentarz
request-do-agree = Zgódź się
request-do-approve = Zatwierdź
request-do-decline = Odrzuć
request-do-withdraw = Wycofaj
request-done-agree = Zgoda; teraz decyduje supervisor.
request-done-approve = Zatwierdzone.
request-done-decline = Odrzucone.
request-done-withdraw = Wycofane.
template-lead = Zmiany, które można przydzielać, i ich przerwy.
template-new = Nowy wzór
template-title = Wzór zmiany
template-none = Nie ma jeszcze wzorów zmian
template-code = Kod
template-name = Nazwa
template-hours = Godziny
template-start = Początek
template-length = Długość
template-picture = W ciągu doby
template-weekdays = Dni tygodnia
template-breaks = Przerwy
template-break-after = Po
template-paid = Płatna
template-add-break = Dodaj przerwę
template-unpopular = Nielubiana
template-unpopular-hint = Lubiana mniej niż inne, więc przez miesiące dzielona po równo.
template-edit = Zmień „{ $name }”
template-remove = Usuń „{ $name }”
template-removed = „{ $name }” nie będzie już przydzielana.
hours-wrong = Wpisz godziny jak 7:30 albo 7,5.
contract-lead = Godziny, odpoczynek i projekty każdej osoby: wyszukiwanie ich przestrzega.
contract-find = Znajdź osobę
contract-none = Nie ma jeszcze kogo planować
contract-none-text = Najpierw dodaj osoby.
contract-title = Warunki pracy
contract-as-law = Jak w prawie:
law-ua = Ukraina
law-pl = Polska
law-ru = Rosja
contract-law = Prawo
contract-week = Godziny w tygodniu
contract-week-short = Tydzień
contract-max-week = Najwięcej w tygodniu, z nadgodzinami
contract-max-day = Najwięcej w dniu
contract-rest = Odpoczynek między zmianami
contract-rest-short = Odpocz.
contract-weekly-rest = Odpoczynek raz w tygodniu
contract-days = Dni pracy z rzędu, najwyżej
contract-days-short = Dni z rzędu
contract-days-off = Dni wolne z rzędu, co najmniej
contract-weekends = Weekendy w pracy, z czterech
contract-weekends-short = Weekendy
contract-of-four = { $weekends } z 4
contract-nights = Noce z rzędu, 0 bez nocy
contract-nights-short = Noce
contract-projects = Projekty z atestacją
contract-no-projects = Brak projektów
contract-planned = Planować
contract-planned-hint = Bierze udział w kolejnych grafikach.
contract-planned-short = W grafiku
contract-weekdays = Może pracować
contract-never = Nigdy nie dostaje
contract-never-none = Nie ma jeszcze szablonów zmian
contract-ruled-out = Wykluczone
meeting-new = Spotkanie lub szkolenie
meeting-lead = W czasie, gdy linia straci najmniej. Kogo wtedy nie ma w pracy, tego nikt nie wzywa.
meeting-kind = Rodzaj
meeting-kind-meeting = Spotkanie
meeting-kind-training = Szkolenie
meeting-title = Tytuł
meeting-who = Kto
meeting-everyone = Wszyscy
meeting-picked = Wybrane osoby
meeting-find = Imię, Enter wybiera
meeting-picked-count =
    { $people ->
        [0] Nie wybrano jeszcze nikogo
        [one] Wybrano { $people } osobę
        [few] Wybrano { $people } osoby
        [many] Wybrano { $people } osób
       *[other] Wybrano { $people } osoby
    }
meeting-length = Długość
meeting-between = W dniach
meeting-times = Najlepszy czas
meeting-times-none = W tych dniach nikt z nich nie pracuje. Wybierz inne dni.
meeting-times-nobody = Wybierz osoby, a pojawi się najlepszy czas.
meeting-covered = Linia pozostaje obsadzona
meeting-missing =
    { $people ->
        [one] Na linii zabraknie { $people } osoby przez { $minutes } min
        [few] Na linii zabraknie { $people } osób przez { $minutes } min
        [many] Na linii zabraknie { $people } osób przez { $minutes } min
       *[other] Na linii zabraknie { $people } osoby przez { $minutes } min
    }
meeting-all-there = wszyscy w pracy
meeting-absent = Nie w pracy: { $names }
meeting-busy = Przerwa lub inne spotkanie: { $names }
meeting-more = { $names } i jeszcze { $more }
meeting-place = Zaplanuj
meeting-placed = „{ $title }”: zaplanowano na { $when }.
meeting-remove = Usuń „{ $title }”
meeting-removed = Usunięto „{ $title }”.
meeting-come = w pracy { $there } z { $people }
