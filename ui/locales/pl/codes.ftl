# Role.
role-operator = Konsultant
role-supervisor = Supervisor
role-admin = Administrator

# Co robi konsultant.
state-ready = Gotowość
state-preview = Podgląd
state-dialling = Wybieranie
state-ringing = Dzwoni
state-talking = Rozmowa
state-hold = Wstrzymanie
state-wrap_up = Po rozmowie
state-pause = Przerwa

# Powód przerwy; stoi po stanie.
pause-break = odpoczynek
pause-lunch = obiad
pause-training = szkolenie
pause-technical = problem techniczny

# Wynik rozmowy.
outcome-confirmed = Potwierdzone
outcome-confirmed_with_changes = Potwierdzone ze zmianami
outcome-cancelled = Anulowane
outcome-callback = Oddzwonić
outcome-no_answer = Nie odbiera
outcome-busy = Zajęte
outcome-voicemail = Poczta głosowa
outcome-wrong_number = Błędny numer
outcome-refused_to_talk = Odmowa rozmowy
outcome-unreachable = Nie udało się dodzwonić

# Powody kontaktu, dwa poziomy.
reason-order = Zamówienie
subreason-order-confirmation = Potwierdzenie
subreason-order-change = Zmiana zamówienia
subreason-order-status = Status
subreason-order-repeat = Ponowne zamówienie
subreason-order-document = Dokumenty
reason-delivery = Dostawa
subreason-delivery-address = Adres
subreason-delivery-date = Termin
subreason-delivery-cost = Koszt
subreason-delivery-delay = Opóźnienie
subreason-delivery-carrier = Przewoźnik
reason-payment = Płatność
subreason-payment-method = Sposób płatności
subreason-payment-prepayment = Przedpłata
subreason-payment-instalments = Raty
subreason-payment-not_received = Wpłata nie dotarła
subreason-payment-invoice = Faktura
reason-product = Produkt
subreason-product-choice = Pomoc w wyborze
subreason-product-availability = Dostępność
subreason-product-specification = Parametry
subreason-product-compatibility = Zgodność
subreason-product-price = Cena
reason-cancellation = Rezygnacja
subreason-cancellation-price = Cena
subreason-cancellation-delivery_time = Zbyt długa dostawa
subreason-cancellation-bought_elsewhere = Zakup gdzie indziej
subreason-cancellation-duplicate = Zdublowane zamówienie
subreason-cancellation-changed_mind = Zmiana zdania
reason-return = Zwrot
subreason-return-defect = Wada
subreason-return-not_as_described = Niezgodny z opisem
subreason-return-wrong_item = Inny produkt
subreason-return-damaged = Uszkodzony w transporcie
subreason-return-not_suited = Nie pasuje
reason-warranty = Gwarancja i serwis
subreason-warranty-repair = Naprawa
subreason-warranty-installation = Montaż
subreason-warranty-terms = Warunki gwarancji
subreason-warranty-spare_parts = Części zamienne
subreason-warranty-consultation = Porada techniczna
reason-complaint = Skarga
subreason-complaint-courier = Kurier
subreason-complaint-operator = Konsultant
subreason-complaint-quality = Jakość
subreason-complaint-site = Strona sklepu
subreason-complaint-advertising = Reklama

# Wymiana ze sklepem.
sync-idle = Dane aktualne
sync-importing = Pierwszy import
sync-working = Wymiana danych
sync-unreachable = Brak połączenia
sync-stopped = Wymaga uwagi

# Wyniki w drodze do sklepu.
operation-edit_lines = Zmiana produktów
operation-confirm = Potwierdzenie
operation-cancel = Anulowanie
operation-add_note = Notatka do zamówienia
operation-grant_coupon = Kupon
operation-refund = Zwrot pieniędzy
operation-state-waiting = Czeka
operation-state-in_flight = Wysyłane
operation-state-doubt = Sprawdzane
operation-state-done = Przekazane
operation-state-dead = Nieprzekazane
operation-state-undone = Cofnięte

# Rodzaje sklepów.
kind-woocommerce = WooCommerce
kind-vendure = Vendure
kind-shopify = Shopify
kind-retailcrm = retailCRM
kind-base = Base (BaseLinker)

# Czego chce wynik, który nie dotarł do sklepu.
wish-edit_lines = Zmienić produkty: { $changes }
wish-confirm = Potwierdzić zamówienie: { $outcome }
wish-cancel = Anulować zamówienie: { $reason }
wish-add_note = Dodać notatkę: { $text }
wish-grant_coupon = Przyznać kupon { $code } z rabatem { $discount }
wish-refund = Zwrócić { $amount }: { $reason }

# Co zmieniono jednocześnie tutaj i w sklepie.
clash-quantity = { $name }, sztuk
clash-status = Status zamówienia
clash-editing = Zamówienie jest właśnie edytowane w sklepie
