/*
 * The sieve between the window and the program: it lets through the commands the window has, and the
 * event that tells it to ask again. Whatever else a script in the window might send goes no further.
 */
(() => {
  "use strict";

  const COMMANDS = new Set([
    "start", "create_centre", "sign_in", "recover", "sign_out", "lock", "unlock", "set_preferences",
    "change_password",
    "people", "add_person", "set_person", "reset_password", "renew_recovery_code", "back_up",
    "check_shop", "connect_shop", "make_sample", "shops", "sync_now", "remove_shop", "operations",
    "retry_operation",
    "sync_page", "shop_trouble", "resolve_letter", "status_table", "refresh_statuses", "check_status_table",
    "set_status_table", "shop_kinds", "rekey_shop",
    "desk", "queue", "take_task", "act", "pause", "answer", "step_back", "tick", "edit_line",
    "search_products", "keep_draft", "save_result", "undo_result",
    "load", "calls", "call_detail",
    "forecast_page", "forecast_day", "import_history", "withdraw_import", "set_outlier", "add_special_day",
    "remove_special_day", "override_forecast", "withdraw_override", "publish_forecast", "staffing",
    "set_staffing_rules",
    "plans", "make_plan", "plan_page", "drop_plan", "solve_plan", "stop_solving", "edit_plan", "plan_choices", "plan_multi_skill",
    "meeting_times", "place_meeting", "remove_meeting", "publish_plan", "compare_plans",
    "contracts", "served_lines", "set_contract", "preset_contract", "templates", "set_template", "remove_template",
    "my_shifts", "ask_request", "requests", "answer_request", "today", "export_plan",
    "export_my_shifts",
    "plugin:event|listen", "plugin:event|unlisten",
  ]);

  window.__TAURI_ISOLATION_HOOK__ = (message) => {
    if (!COMMANDS.has(message.cmd)) throw new Error("not a command of this window");
    return message;
  };
})();
