//! Grants nothing by default: every command found under `src/commands` gets a permission of its own,
//! and `capabilities/` says which window may use it.

use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut commands: Vec<&'static str> = Vec::new();
    for entry in fs::read_dir(Path::new("src").join("commands"))? {
        let text = fs::read_to_string(entry?.path())?;
        for part in text.split("#[tauri::command]").skip(1) {
            let name = part
                .split_once("fn ")
                .and_then(|(_, rest)| rest.split_once('('))
                .ok_or("a command without a name")?
                .0;
            commands.push(Box::leak(name.to_owned().into_boxed_str()));
        }
    }
    commands.sort_unstable();
    println!("cargo::rerun-if-changed=src/commands");
    let manifest = tauri_build::AppManifest::new().commands(Box::leak(commands.into_boxed_slice()));
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
