# Роли.
role-operator = Оператор
role-supervisor = Супервайзер
role-admin = Администратор

# Чем занят оператор.
state-ready = Готовность
state-preview = Просмотр
state-dialling = Набор
state-ringing = Вызов
state-talking = Разговор
state-hold = Удержание
state-wrap_up = Постобработка
state-pause = Пауза

# Причина паузы; стоит после состояния.
pause-break = перерыв
pause-lunch = обед
pause-training = обучение
pause-technical = техническая причина

# Чем закончился звонок.
outcome-confirmed = Подтверждён
outcome-confirmed_with_changes = Подтверждён с изменениями
outcome-cancelled = Отменён
outcome-callback = Перезвонить
outcome-no_answer = Не отвечает
outcome-busy = Занято
outcome-voicemail = Автоответчик
outcome-wrong_number = Неверный номер
outcome-refused_to_talk = Отказ от разговора
outcome-unreachable = Не удалось дозвониться

# Тематика обращений, два уровня.
reason-order = Заказ
subreason-order-confirmation = Подтверждение
subreason-order-change = Изменение заказа
subreason-order-status = Статус
subreason-order-repeat = Повторный заказ
subreason-order-document = Документы
reason-delivery = Доставка
subreason-delivery-address = Адрес
subreason-delivery-date = Дата и время
subreason-delivery-cost = Стоимость
subreason-delivery-delay = Задержка
subreason-delivery-carrier = Служба доставки
reason-payment = Оплата
subreason-payment-method = Способ оплаты
subreason-payment-prepayment = Предоплата
subreason-payment-instalments = Рассрочка
subreason-payment-not_received = Оплата не поступила
subreason-payment-invoice = Счёт
reason-product = Товар
subreason-product-choice = Помощь с выбором
subreason-product-availability = Наличие
subreason-product-specification = Характеристики
subreason-product-compatibility = Совместимость
subreason-product-price = Цена
reason-cancellation = Отмена
subreason-cancellation-price = Цена
subreason-cancellation-delivery_time = Долгая доставка
subreason-cancellation-bought_elsewhere = Купили в другом месте
subreason-cancellation-duplicate = Дубль заказа
subreason-cancellation-changed_mind = Передумали
reason-return = Возврат
subreason-return-defect = Брак
subreason-return-not_as_described = Не соответствует описанию
subreason-return-wrong_item = Не тот товар
subreason-return-damaged = Повреждён в пути
subreason-return-not_suited = Не подошёл
reason-warranty = Гарантия и сервис
subreason-warranty-repair = Ремонт
subreason-warranty-installation = Установка
subreason-warranty-terms = Условия гарантии
subreason-warranty-spare_parts = Запчасти
subreason-warranty-consultation = Консультация по использованию
reason-complaint = Жалоба
subreason-complaint-courier = Курьер
subreason-complaint-operator = Оператор
subreason-complaint-quality = Качество
subreason-complaint-site = Сайт
subreason-complaint-advertising = Реклама

# Обмен с магазином.
sync-idle = Данные актуальны
sync-importing = Первая загрузка
sync-working = Обмен данными
sync-unreachable = Нет связи
sync-stopped = Требует внимания

# Результаты на пути в магазин.
operation-edit_lines = Изменение товаров
operation-confirm = Подтверждение
operation-cancel = Отмена
operation-add_note = Примечание к заказу
operation-grant_coupon = Купон
operation-refund = Возврат денег
operation-state-waiting = Ждёт
operation-state-in_flight = Отправляется
operation-state-doubt = Проверяется
operation-state-done = Передано
operation-state-dead = Не передано
operation-state-undone = Отозвано

# Виды магазинов.
kind-woocommerce = WooCommerce
kind-vendure = Vendure
kind-shopify = Shopify
kind-retailcrm = retailCRM
kind-base = Base (BaseLinker)

# Чего хочет результат, который не дошёл до магазина.
wish-edit_lines = Изменить товары: { $changes }
wish-confirm = Подтвердить заказ: { $outcome }
wish-cancel = Отменить заказ: { $reason }
wish-add_note = Добавить примечание: { $text }
wish-grant_coupon = Выдать купон { $code } со скидкой { $discount }
wish-refund = Вернуть { $amount }: { $reason }

# Что изменили одновременно здесь и в магазине.
clash-quantity = { $name }, штук
clash-status = Статус заказа
clash-editing = Заказ сейчас редактируют в магазине
