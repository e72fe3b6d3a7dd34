//! What must hold of the tree as a whole: arrows between crates, licences, and words that may not
//! stand in it.

use acceptance::places::root;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each crate may use of the others. The product's arrows point one way: `rules`, `forecast`,
/// `staffing` and `roster` know nothing, the window and the command line know only the use cases.
const ARROWS: [(&str, &[&str]); 17] = [
    ("rules", &[]),
    ("forecast", &[]),
    ("staffing", &[]),
    ("roster", &[]),
    ("export", &[]),
    ("plan", &["forecast", "roster", "staffing"]),
    ("sample", &["rules"]),
    ("sync", &["rules"]),
    ("sim", &["rules", "sync"]),
    ("store", &["rules", "sync"]),
    ("shops", &["rules", "sync"]),
    ("telephony", &["rules"]),
    (
        "app",
        &[
            "export",
            "forecast",
            "plan",
            "roster",
            "rules",
            "sample",
            "shops",
            "staffing",
            "store",
            "sync",
            "telephony",
        ],
    ),
    ("cli", &["app", "rules"]),
    ("desk", &["app", "rules"]),
    (
        "testkit",
        &["rules", "sample", "shops", "store", "telephony"],
    ),
    ("acceptance", &["testkit"]),
];

/// Crates that compute and never touch the world.
const PURE: [&str; 8] = [
    "rules", "forecast", "staffing", "roster", "export", "plan", "sample", "sync",
];

/// What touches the world.
const WORLDLY: [&str; 7] = [
    "tokio",
    "rusqlite",
    "reqwest",
    "hyper",
    "tempfile",
    "tracing-subscriber",
    "keyring-core",
];

/// The window's libraries.
const WINDOW: [&str; 4] = ["tauri", "wry", "tao", "webkit2gtk"];

/// The dependency graph as cargo resolves it for Linux.
struct Graph {
    packages: BTreeMap<String, Value>,
    members: Vec<String>,
    /// Identities a package is linked with: normal and build dependencies.
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    fn read() -> Result<Self> {
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                "x86_64-unknown-linux-gnu",
            ])
            .current_dir(root())
            .output()
            .context("cargo cannot be started")?;
        ensure!(
            output.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Value = serde_json::from_slice(&output.stdout)?;

        let mut graph = Self {
            packages: BTreeMap::new(),
            members: Vec::new(),
            edges: BTreeMap::new(),
        };
        for package in list(&metadata, "packages") {
            graph
                .packages
                .insert(text(package, "id").to_owned(), package.clone());
        }
        graph.members = list(&metadata, "workspace_members")
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        for node in metadata
            .get("resolve")
            .map(|resolve| list(resolve, "nodes"))
            .into_iter()
            .flatten()
        {
            let used = list(node, "deps")
                .filter(|dependency| {
                    list(dependency, "dep_kinds").any(|kind| text(kind, "kind") != "dev")
                })
                .map(|dependency| text(dependency, "pkg").to_owned())
                .collect();
            graph.edges.insert(text(node, "id").to_owned(), used);
        }
        ensure!(
            !graph.members.is_empty() && !graph.edges.is_empty(),
            "cargo metadata told nothing"
        );
        Ok(graph)
    }

    fn name(&self, id: &str) -> &str {
        self.packages
            .get(id)
            .map_or("", |package| text(package, "name"))
    }

    fn member(&self, name: &str) -> Result<&str> {
        let id = self.members.iter().find(|id| self.name(id) == name);
        id.map(String::as_str)
            .with_context(|| format!("there is no crate {name}"))
    }

    fn direct(&self, id: &str) -> impl Iterator<Item = &str> {
        self.edges.get(id).into_iter().flatten().map(String::as_str)
    }

    /// All that is linked into a crate, itself included.
    fn closure(&self, id: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = self
            .packages
            .get_key_value(id)
            .map(|(id, _)| id.as_str())
            .into_iter()
            .collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.direct(id));
            }
        }
        seen
    }
}

#[test]
fn arrows_between_crates_point_one_way() -> Result<()> {
    let graph = Graph::read()?;
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let members: BTreeSet<&str> = graph.members.iter().map(|id| graph.name(id)).collect();
    ensure!(
        members == known,
        "each crate has a row in ARROWS: {members:?}"
    );

    for (name, allowed) in ARROWS {
        let id = graph.member(name)?;
        for used in graph
            .direct(id)
            .map(|id| graph.name(id))
            .filter(|used| known.contains(used))
        {
            ensure!(allowed.contains(&used), "{name} may not use {used}");
        }
    }
    Ok(())
}

#[test]
fn only_the_shell_knows_the_window() -> Result<()> {
    let graph = Graph::read()?;
    for id in graph.members.iter().filter(|id| graph.name(id) != "desk") {
        for linked in graph.closure(id) {
            ensure!(
                !WINDOW.contains(&graph.name(linked)),
                "{} links {}",
                graph.name(id),
                graph.name(linked)
            );
        }
    }
    Ok(())
}

#[test]
fn pure_crates_touch_nothing() -> Result<()> {
    let graph = Graph::read()?;
    for name in PURE {
        for linked in graph.closure(graph.member(name)?) {
            ensure!(
                !WORLDLY.contains(&graph.name(linked)),
                "{name} links {}",
                graph.name(linked)
            );
        }
    }
    Ok(())
}

#[test]
fn what_is_linked_may_be_linked() -> Result<()> {
    let deny: toml::Value = toml::from_str(&fs::read_to_string(root().join("deny.toml"))?)?;
    let allowed: Vec<spdx::Licensee> = deny
        .get("licenses")
        .and_then(|licenses| licenses.get("allow")?.as_array())
        .context("deny.toml lists no licences")?
        .iter()
        .filter_map(toml::Value::as_str)
        .map(|name| spdx::Licensee::parse(name).with_context(|| format!("{name} is no licence")))
        .collect::<Result<_>>()?;

    let graph = Graph::read()?;
    let mut registries = BTreeSet::new();
    for (id, package) in &graph.packages {
        if graph.members.contains(id) {
            continue;
        }
        let licence = text(package, "license").replace('/', " OR ");
        let expression = spdx::Expression::parse(&licence)
            .with_context(|| format!("{id} states no licence: {licence:?}"))?;
        let fits =
            expression.evaluate(|wanted| allowed.iter().any(|licence| licence.satisfies(wanted)));
        ensure!(
            fits,
            "{id} is under {licence}, which deny.toml does not allow"
        );

        let source = text(package, "source");
        ensure!(
            source.starts_with("registry+"),
            "{id} comes from {source:?}, not from a registry"
        );
        registries.insert(source);
    }
    ensure!(
        registries.len() == 1,
        "all crates come from one registry: {registries:?}"
    );
    Ok(())
}

#[test]
fn every_command_is_in_one_capability() -> Result<()> {
    let shell = root().join("src-tauri");
    let mut commands = BTreeSet::new();
    for (_, source) in files(&shell.join("src").join("commands"), &["rs"])? {
        for part in source.split("#[tauri::command]").skip(1) {
            let name = part
                .split_once("fn ")
                .and_then(|(_, rest)| rest.split_once('('));
            commands.insert(name.context("a command has no name")?.0.replace('_', "-"));
        }
    }
    ensure!(commands.len() > 10, "the commands were found: {commands:?}");

    let settings: Value =
        serde_json::from_str(&fs::read_to_string(shell.join("tauri.conf.json"))?)?;
    let in_force: BTreeSet<_> = settings
        .pointer("/app/security/capabilities")
        .and_then(Value::as_array)
        .context("the window's capabilities are listed")?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut granted: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, capability) in files(&shell.join("capabilities"), &["json"])? {
        let capability: Value = serde_json::from_str(&capability)?;
        ensure!(
            in_force.contains(text(&capability, "identifier")),
            "{} is not listed in tauri.conf.json: its commands would be refused",
            path.display()
        );
        ensure!(
            capability.get("remote").is_none(),
            "{} speaks of remote pages",
            path.display()
        );
        for permission in list(&capability, "permissions") {
            let permission = permission
                .as_str()
                .context("permissions are plain names here")?;
            match permission.strip_prefix("allow-") {
                Some(command) => granted
                    .entry(command.to_owned())
                    .or_default()
                    .push(path.clone()),
                None => ensure!(
                    ["core:event:allow-listen", "core:event:allow-unlisten"].contains(&permission),
                    "{permission} is broader than a command"
                ),
            }
        }
    }
    for (command, capabilities) in &granted {
        ensure!(
            capabilities.len() == 1,
            "{command} is granted more than once: {capabilities:?}"
        );
    }
    let granted: BTreeSet<String> = granted.into_keys().collect();
    ensure!(
        granted == commands,
        "granted {granted:?} but there are {commands:?}"
    );
    Ok(())
}

#[test]
fn shop_data_is_text_and_never_markup() -> Result<()> {
    let ways = [
        "{@html",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
    ];
    for (path, source) in files(&root().join("ui").join("src"), &["svelte", "ts"])? {
        for way in ways {
            ensure!(
                !source.contains(way),
                "{} makes markup from text: {way}",
                path.display()
            );
        }
    }
    Ok(())
}

#[test]
fn no_sql_is_put_together_from_text() -> Result<()> {
    let verbs = [
        "select ", "insert ", "update ", "delete ", "create ", "alter ", "drop ", "attach ",
    ];
    for (path, source) in rust_files()? {
        for made in source.split("format!(").skip(1) {
            let template = made
                .trim_start()
                .trim_start_matches(['r', '#', '"'])
                .trim_start()
                .to_lowercase();
            let sql = verbs.iter().any(|verb| template.starts_with(verb));
            ensure!(!sql, "{} formats SQL: {:.60}", path.display(), template);
        }
    }
    Ok(())
}

#[test]
fn lock_files_name_no_address() -> Result<()> {
    for (path, lock) in files(&root(), &["package-lock.json"])? {
        ensure!(
            !lock.contains("\"resolved\": \"http"),
            "{} names where packages came from",
            path.display()
        );
    }
    Ok(())
}

#[test]
fn nothing_is_left_undone_or_switched_off() -> Result<()> {
    // Put together here, so that this list does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("todo", "!("),
        concat!("#[ig", "nore"),
        concat!(".sk", "ip(\""),
    ];
    let naps = [
        concat!("thread::sl", "eep"),
        concat!("time::sl", "eep("),
        concat!("waitForTim", "eout"),
    ];
    let mut sources = rust_files()?;
    sources.extend(files(&root().join("ui"), &["svelte", "ts"])?);
    for (path, source) in &sources {
        for mark in marks {
            ensure!(!source.contains(mark), "{} holds {mark}", path.display());
        }
        let is_test =
            path.starts_with(root().join("tests")) || path.to_string_lossy().contains("test.");
        for nap in naps.iter().filter(|_| is_test) {
            ensure!(
                !source.contains(nap),
                "{} sleeps where an event could be waited for",
                path.display()
            );
        }
    }
    Ok(())
}

#[test]
fn the_map_names_every_crate() -> Result<()> {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md"))?;
    for (name, _) in ARROWS {
        ensure!(
            map.contains(&format!("`{name}`")),
            "ARCHITECTURE.md does not know {name}"
        );
    }
    Ok(())
}

fn rust_files() -> Result<Vec<(PathBuf, String)>> {
    let mut found = files(&root().join("src-tauri"), &["rs"])?;
    found.extend(files(&root().join("tests"), &["rs"])?);
    Ok(found)
}

/// All files below `folder` whose names end so, with what they hold; what was built or installed
/// is left out.
fn files(folder: &Path, endings: &[&str]) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be listed", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                let ours = !["target", "node_modules", "gen"].contains(&name.as_str())
                    && !name.starts_with('.')
                    && !name.starts_with("dist");
                if ours {
                    open.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let held = fs::read_to_string(&path)
                    .with_context(|| format!("{} is not text", path.display()))?;
                found.push((path, held));
            }
        }
    }
    ensure!(
        !found.is_empty(),
        "nothing ends in {endings:?} below {}",
        folder.display()
    );
    Ok(found)
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
