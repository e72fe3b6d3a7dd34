# Ролі.
role-operator = Оператор
role-supervisor = Супервайзер
role-admin = Адміністратор

# Чим зайнятий оператор.
state-ready = Готовність
state-preview = Перегляд
state-dialling = Набір
state-ringing = Виклик
state-talking = Розмова
state-hold = Утримання
state-wrap_up = Постобробка
state-pause = Пауза

# Причина паузи; стоїть після стану.
pause-break = перерва
pause-lunch = обід
pause-training = навчання
pause-technical = технічна причина

# Чим закінчився дзвінок.
outcome-confirmed = Підтверджено
outcome-confirmed_with_changes = Підтверджено зі змінами
outcome-cancelled = Скасовано
outcome-callback = Передзвонити
outcome-no_answer = Не відповідає
outcome-busy = Зайнято
outcome-voicemail = Автовідповідач
outcome-wrong_number = Помилковий номер
outcome-refused_to_talk = Відмова від розмови
outcome-unreachable = Не вдалося додзвонитися

# Тематика звернень, два рівні.
reason-order = Замовлення
subreason-order-confirmation = Підтвердження
subreason-order-change = Зміна замовлення
subreason-order-status = Статус
subreason-order-repeat = Повторне замовлення
subreason-order-document = Документи
reason-delivery = Доставка
subreason-delivery-address = Адреса
subreason-delivery-date = Дата й час
subreason-delivery-cost = Вартість
subreason-delivery-delay = Затримка
subreason-delivery-carrier = Перевізник
reason-payment = Оплата
subreason-payment-method = Спосіб оплати
subreason-payment-prepayment = Передоплата
subreason-payment-instalments = Розстрочка
subreason-payment-not_received = Оплата не надійшла
subreason-payment-invoice = Рахунок
reason-product = Товар
subreason-product-choice = Допомога з вибором
subreason-product-availability = Наявність
subreason-product-specification = Характеристики
subreason-product-compatibility = Сумісність
subreason-product-price = Ціна
reason-cancellation = Скасування
subreason-cancellation-price = Ціна
subreason-cancellation-delivery_time = Довга доставка
subreason-cancellation-bought_elsewhere = Купили деінде
subreason-cancellation-duplicate = Дубль замовлення
subreason-cancellation-changed_mind = Передумали
reason-return = Повернення
subreason-return-defect = Брак
subreason-return-not_as_described = Не відповідає опису
subreason-return-wrong_item = Не той товар
subreason-return-damaged = Пошкоджений у дорозі
subreason-return-not_suited = Не підійшов
reason-warranty = Гарантія та сервіс
subreason-warranty-repair = Ремонт
subreason-warranty-installation = Встановлення
subreason-warranty-terms = Умови гарантії
subreason-warranty-spare_parts = Запчастини
subreason-warranty-consultation = Консультація з користування
reason-complaint = Скарга
subreason-complaint-courier = Кур’єр
subreason-complaint-operator = Оператор
subreason-complaint-quality = Якість
subreason-complaint-site = Сайт
subreason-complaint-advertising = Реклама

# Обмін із магазином.
sync-idle = Дані актуальні
sync-importing = Перше завантаження
sync-working = Обмін даними
sync-unreachable = Немає зв’язку
sync-stopped = Потребує уваги

# Результати на шляху до магазину.
operation-edit_lines = Зміна товарів
operation-confirm = Підтвердження
operation-cancel = Скасування
operation-add_note = Примітка до замовлення
operation-grant_coupon = Купон
operation-refund = Повернення коштів
operation-state-waiting = Чекає
operation-state-in_flight = Надсилається
operation-state-doubt = Перевіряється
operation-state-done = Передано
operation-state-dead = Не передано
operation-state-undone = Відкликано

# Види магазинів.
kind-woocommerce = WooCommerce
kind-vendure = Vendure
kind-shopify = Shopify
kind-retailcrm = retailCRM
kind-base = Base (BaseLinker)

# Чого хоче результат, який не дійшов до магазину.
wish-edit_lines = Змінити товари: { $changes }
wish-confirm = Підтвердити замовлення: { $outcome }
wish-cancel = Скасувати замовлення: { $reason }
wish-add_note = Додати примітку: { $text }
wish-grant_coupon = Видати купон { $code } зі знижкою { $discount }
wish-refund = Повернути { $amount }: { $reason }

# Що змінили водночас тут і в магазині.
clash-quantity = { $name }, штук
clash-status = Статус замовлення
clash-editing = Замовлення зараз редагують у магазині
