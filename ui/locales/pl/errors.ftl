# Co się stało i co zrobić; te słowa czyta także druga połowa programu.
error-field-missing =
    Wypełnij pole: { $field ->
        [name] imię i nazwisko lub nazwa
        [login] login
        [password] hasło
        [address] adres sklepu
        [user] klucz lub nazwa użytkownika
        [secret] sekret lub hasło
        [zone] strefa czasowa
        [code] kod odzyskiwania
        [days] okres
        [amount] kwota
        [percent] procent
        [coupon] kod kuponu
        [expires] termin ważności
        [return] zwracane produkty
        [reason] powód
        [order] numer zamówienia
        [title] tytuł
        [people] osoby
       *[other] pole wymagane
    }.
error-field-invalid =
    Nie można odczytać pola: { $field ->
        [name] imię i nazwisko lub nazwa
        [login] login
        [password] hasło
        [address] adres sklepu
        [user] klucz lub nazwa użytkownika
        [secret] sekret lub hasło
        [zone] strefa czasowa
        [code] kod odzyskiwania
        [days] okres
        [amount] kwota
        [percent] procent
        [coupon] kod kuponu
        [expires] termin ważności
        [return] zwracane produkty
        [reason] powód
        [order] numer zamówienia
        [hours] godziny
        [weeks] liczba tygodni
        [date] data
        [file] plik
        [title] tytuł
        [minutes] długość
        [weekdays] dni tygodnia
       *[other] wpisana wartość
    }. Sprawdź je i spróbuj ponownie.
error-password-short = Hasło jest za krótkie. Minimalna liczba znaków: { $least }.
error-login-taken = Taki login już istnieje. Wybierz inny.
error-sign-in-wrong = Nieprawidłowy login lub hasło. Pozostało prób: { $left }.
error-locked-out = Zbyt wiele nieudanych prób. Odczekaj { $minutes } min i spróbuj ponownie.
error-recovery-wrong = Kod odzyskiwania nie pasuje. Porównaj każdą grupę z wydrukiem.
error-sign-in-needed = Zaloguj się, aby kontynuować.
error-not-allowed = Twoja rola na to nie pozwala. Zwróć się do administratora.
error-last-admin = To ostatni aktywny administrator. Najpierw nadaj tę rolę komuś innemu.
error-store-too-new = Dane zapisała nowsza wersja ({ $found }; ta odczytuje do { $known }). Zaktualizuj program. Niczego nie zmieniono.
error-store-unreadable = Ten klucz nie otwiera danych; niczego nie zmieniono. Użyj kodu odzyskiwania lub przywróć kopię zapasową.
error-key-missing = W systemowym magazynie kluczy nie ma klucza do tych danych. Zaloguj się hasłem lub użyj kodu odzyskiwania.
error-disk-full = Na dysku brakuje miejsca, więc tej czynności nie zapisano. Zwolnij miejsce i spróbuj ponownie.
error-store-in-use = Te dane są otwarte w innym oknie programu. Najpierw je zamknij.
error-store-failed = Nie udało się zapisać lub odczytać danych ({ $detail }). Spróbuj ponownie; jeśli to nie pomoże, zrób kopię zapasową i uruchom program od nowa.
error-queue-empty = Teraz nie ma do kogo dzwonić. Nowe zamówienia pojawią się automatycznie.
error-task-taken = Ktoś z zespołu właśnie przejął to zadanie. Weź następne.
error-wrong-moment = W obecnym stanie rozmowy nie można tego zrobić. Dostępne działania widać na przyciskach.
error-call-open = Najpierw zakończ bieżącą rozmowę i zapisz jej wynik.
error-outcome-missing = Wybierz wynik rozmowy.
error-reason-missing = Wybierz powód kontaktu.
error-comment-missing = Ten wynik wymaga komentarza. Dodaj go.
error-callback-missing = Podaj, kiedy oddzwonić.
error-callback-past = Ten termin już minął. Podaj późniejszy.
error-checklist-open = Zaznacz wymagane punkty: { $points }.
error-edits-need-confirmation = Zamówienie zostało zmienione. Wybierz wynik z potwierdzeniem albo cofnij zmiany.
error-undo-too-late = Za późno na cofnięcie: wynik jest już przekazywany do sklepu.
error-number-invalid = Numeru klienta nie da się wybrać. Wybierz wynik „Błędny numer” i opisz to w komentarzu.
error-no-phone-program = Na tym komputerze nie ma programu do dzwonienia. Zainstaluj softphone i ustaw go jako domyślny dla odnośników tel:.
error-name-differs = Nazwa się nie zgadza. Wpisz ją dokładnie tak, jak pokazano.
error-sample-exists = Sklep przykładowy już istnieje. Aby utworzyć nowy, najpierw go usuń.
error-script-faulty = Nie można odczytać skryptu tego sklepu. Poproś administratora o poprawienie pliku skryptu i ponowne wczytanie.
error-not-found = Tego wpisu już nie ma. Odśwież listę.
error-shop-bad-address = Nie można odczytać adresu. Wpisz go jak w przeglądarce, na przykład https://shop.example.com.
error-shop-no-tls = Połączenie nie byłoby szyfrowane. Użyj adresu https:// lub poproś administratora o zgodę na HTTP.
error-shop-bad-certificate = Certyfikat sklepu jest niezaufany lub wygasł. Poproś administratora sklepu o jego odnowienie.
error-shop-private-address = Ten adres należy do sieci prywatnej. Jeśli sklep naprawdę tam działa, zezwól na to w sekcji „Zaawansowane”.
error-shop-wrong-key = Sklep nie przyjmuje tego klucza lub hasła. Skopiuj go ponownie z panelu sklepu.
error-shop-no-read-right =
    Klucz jest poprawny, ale nie ma prawa odczytu: { $what ->
        [orders] zamówienia
        [products] produkty
        [customers] klienci
        [settings] ustawienia
       *[other] te dane
    }. Nadaj je w panelu sklepu.
error-shop-no-write-right = Klucz jest poprawny, ale nie ma prawa zapisu, więc wyniki nie trafią do sklepu. Nadaj dostęp do odczytu i zapisu.
error-shop-not-a-shop = Pod tym adresem nie ma sklepu tego typu. Sprawdź adres i typ sklepu.
error-shop-unreachable = Sklep nie odpowiada. Sprawdź adres i połączenie z internetem; można pracować dalej, wyniki zostaną przekazane później.
error-shop-timed-out = Sklep nie odpowiedział na czas. Próba zostanie powtórzona automatycznie.
error-shop-busy = Sklep prosi o cierpliwość. Próba zostanie powtórzona automatycznie.
error-shop-fault = W sklepie wystąpił błąd wewnętrzny (kod { $status }). Próba zostanie powtórzona automatycznie.
error-shop-bad-reply = Odpowiedź sklepu jest niezrozumiała. Powiadom administratora sklepu: może przeszkadzać jakaś wtyczka.
error-shop-order-gone = Tego zamówienia nie ma już w sklepie. Sprawdź je w panelu sklepu.
error-shop-refused = Sklep nie przyjął zmiany ({ $detail }). Wprowadź ją w panelu sklepu albo usuń przyczynę i spróbuj ponownie.
error-shop-conflict = W międzyczasie w sklepie zmieniono to samo ({ $detail }). Porównaj obie wersje i zdecyduj, która ma zostać.
error-shop-unsupported = Ten sklep tego nie obsługuje. Wprowadź zmianę w jego panelu.
error-shop-moved = Sklep przekierowuje pod inny adres: { $host }. Sprawdź go i wpisz obecny adres sklepu.
error-centre-missing = W tym folderze nie ma jeszcze contact center. Najpierw je utwórz: otwórz stanowisko albo uruchom „dzvinok init”.
error-shop-differs = Ten klucz otwiera inny sklep: nie ma w nim zamówień znanych tutaj. Użyj klucza tego sklepu, a tamten podłącz osobno.
error-shop-ambiguous = Zamówienie o tym numerze jest w kilku sklepach. Podaj sklep.
error-status-step-unknown = Przejście ze statusu „{ $from }” do „{ $to }” nie jest dozwolone. Wybierz „Oddzwonić” i poproś administratora o dodanie tego przejścia w ustawieniach sklepu.
error-status-step-denied = Twoja rola nie może zmienić statusu z „{ $from }” na „{ $to }”. Potrzebna rola: { $role }. Wybierz „Oddzwonić” i przekaż zamówienie dalej.
error-status-word-twice = Status „{ $word }” podano dwa razy. Zostaw jeden wiersz.
error-status-word-unknown = W sklepie nie ma statusu „{ $word }”. Popraw nazwę albo pobierz listę statusów ze sklepu jeszcze raz.
error-status-target-missing = Nie wybrano statusu dla potwierdzonych zamówień. Wybierz go, inaczej sklep nie dowie się o potwierdzeniu.
error-status-target-out-of-reach = Żaden status nowych zamówień nie prowadzi do „{ $to }”. Dodaj co najmniej jedno takie przejście.
error-choice-impossible = Tak nie można zdecydować. Możliwe decyzje: { $choices }.
error-conflict-moved = W sklepie właśnie zmieniono to jeszcze raz. Zobacz nowe wartości i zdecyduj ponownie.
error-refund-too-much = Za dużo: do zwrotu zostało { $left }. Zmniejsz kwotę.
error-import-too-large = Plik jest większy niż { $most } MB. Wyeksportuj krótszy okres i wczytuj po kolei.
error-history-short =
    Za mało historii na prognozę: { $missing ->
        [one] potrzeba jeszcze { $missing } dnia
        [few] potrzeba jeszcze { $missing } dni
        [many] potrzeba jeszcze { $missing } dni
       *[other] potrzeba jeszcze { $missing } dnia
    }. Wczytaj raport z centrali telefonicznej albo poczekaj, aż zbiorą się rozmowy.
error-language-untold = W historii tego klienta nie ma połączeń w tym języku. Wybierz wszystkie języki albo zaimportuj raport z językiem.
error-staffing-invalid =
    Tych zasad nie da się dotrzymać. { $field ->
        [service_level] Ustaw poziom obsługi powyżej 0 i najwyżej 99,9 %.
        [threshold] Ustaw próg odebrania nie dłuższy niż godzina.
        [patience] Ustaw cierpliwość klienta od 1 sekundy do 10 godzin.
        [occupancy] Ustaw zajętość od 10 do 100 %.
        [asa] Ustaw średni czas odebrania od 1 sekundy do 1 godziny.
        [abandonment] Ustaw udział porzuconych połączeń powyżej 0 i poniżej 100 %.
        [shrinkage] Ustaw ubytki czasu pracy tak, by razem nie przekraczały 90 %.
        [deadline] Ustaw termin potwierdzenia od 1 do 72 godzin.
        [interval] Ustaw przedział 15, 30 albo 60 minut.
        [team] Nazwij zespół, najwyżej 60 liter.
        [open] Ustaw godziny pracy co kwadrans i bez nakładania się.
        [load_factor] Wypróbuj obciążenie od 0 do 10 prognoz.
       *[other] Sprawdź wpisaną wartość.
    }
error-plan-solving = Trwa szukanie lepszego grafiku. Najpierw je zatrzymaj albo poczekaj na koniec.
error-plan-published = Ten grafik został już opublikowany i nie można go odrzucić. Zmień go i opublikuj ponownie.
error-nothing-to-undo = Nie ma już ręcznych zmian do cofnięcia.
error-swap-stale = Jedna z tych zmian jest już inna. Sprawdź aktualny grafik i złóż prośbę ponownie.
error-swap-day-taken = Jedno z was pracuje już w dniu zmiany drugiej osoby. Wybierz zmianę w dniu wolnym.
error-shift-past = Ta zmiana już się rozpoczęła. Wybierz późniejszą.
error-day-past = Ten dzień już minął. Wybierz dzisiejszy lub późniejszy.
error-request-open = Już o to prosisz. Poczekaj na odpowiedź albo wycofaj wcześniejszą prośbę.
error-request-decided = Ta prośba została już rozpatrzona. Odśwież listę.
