# Roles.
role-operator = Operator
role-supervisor = Supervisor
role-admin = Administrator

# What an operator is doing.
state-ready = Ready
state-preview = Preview
state-dialling = Dialling
state-ringing = Ringing
state-talking = Talking
state-hold = On hold
state-wrap_up = Wrap-up
state-pause = Paused

# Why away; follows the state word.
pause-break = break
pause-lunch = lunch
pause-training = training
pause-technical = technical issue

# How a call ended.
outcome-confirmed = Confirmed
outcome-confirmed_with_changes = Confirmed with changes
outcome-cancelled = Cancelled
outcome-callback = Call back later
outcome-no_answer = No answer
outcome-busy = Busy
outcome-voicemail = Voicemail
outcome-wrong_number = Wrong number
outcome-refused_to_talk = Refused to talk
outcome-unreachable = Never reached

# Contact reasons, two levels.
reason-order = Order
subreason-order-confirmation = Confirmation
subreason-order-change = Change of the order
subreason-order-status = Status
subreason-order-repeat = Repeat order
subreason-order-document = Documents
reason-delivery = Delivery
subreason-delivery-address = Address
subreason-delivery-date = Date and time
subreason-delivery-cost = Cost
subreason-delivery-delay = Delay
subreason-delivery-carrier = Carrier
reason-payment = Payment
subreason-payment-method = Method
subreason-payment-prepayment = Prepayment
subreason-payment-instalments = Instalments
subreason-payment-not_received = Payment not received
subreason-payment-invoice = Invoice
reason-product = Product
subreason-product-choice = Help with choosing
subreason-product-availability = Availability
subreason-product-specification = Specification
subreason-product-compatibility = Compatibility
subreason-product-price = Price
reason-cancellation = Cancellation
subreason-cancellation-price = Price
subreason-cancellation-delivery_time = Delivery takes too long
subreason-cancellation-bought_elsewhere = Bought elsewhere
subreason-cancellation-duplicate = Duplicate order
subreason-cancellation-changed_mind = Changed their mind
reason-return = Return
subreason-return-defect = Defect
subreason-return-not_as_described = Not as described
subreason-return-wrong_item = Wrong item
subreason-return-damaged = Damaged on the way
subreason-return-not_suited = Does not suit
reason-warranty = Warranty and service
subreason-warranty-repair = Repair
subreason-warranty-installation = Installation
subreason-warranty-terms = Terms
subreason-warranty-spare_parts = Spare parts
subreason-warranty-consultation = Advice on use
reason-complaint = Complaint
subreason-complaint-courier = Courier
subreason-complaint-operator = Operator
subreason-complaint-quality = Quality
subreason-complaint-site = Website
subreason-complaint-advertising = Advertising

# The exchange with a shop.
sync-idle = Up to date
sync-importing = First import
sync-working = Exchanging data
sync-unreachable = No connection
sync-stopped = Needs attention

# Results on their way to a shop.
operation-edit_lines = Change of lines
operation-confirm = Confirmation
operation-cancel = Cancellation
operation-add_note = Note
operation-grant_coupon = Coupon
operation-refund = Refund
operation-state-waiting = Waiting
operation-state-in_flight = Being sent
operation-state-doubt = Being verified
operation-state-done = Delivered
operation-state-dead = Not delivered
operation-state-undone = Taken back

# Kinds of shops.
kind-woocommerce = WooCommerce
kind-vendure = Vendure
kind-shopify = Shopify
kind-retailcrm = retailCRM
kind-base = Base (BaseLinker)

# What a result wants that did not reach the shop.
wish-edit_lines = Change the lines: { $changes }
wish-confirm = Confirm the order: { $outcome }
wish-cancel = Cancel the order: { $reason }
wish-add_note = Add a note: { $text }
wish-grant_coupon = Grant the coupon { $code }, { $discount } off
wish-refund = Refund { $amount }: { $reason }

# What was changed both here and in the shop.
clash-quantity = { $name }, pieces
clash-status = Order status
clash-editing = The order is being edited in the shop right now
