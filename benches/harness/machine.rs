//! The machine a number was measured on, without its name.

use std::fs;

/// Cores, memory, kind of processor, and how busy it was just now.
pub fn words() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = line("/proc/meminfo", "MemTotal").and_then(|line| number(&line)).unwrap_or(0);
    let model = line("/proc/cpuinfo", "model name").unwrap_or_default();
    let model = model.split_once(':').map_or("", |(_, name)| name.trim()).to_owned();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    let gib = (memory + 524_288) / 1_048_576;
    format!("{cores} 核（{model}），内存 {gib} GiB，开始时负载 {load}")
}

/// Memory of a process in MiB: now, and the most it ever had.
pub fn memory(process: u32) -> (u64, u64) {
    let status = format!("/proc/{process}/status");
    let mib = |key| line(&status, key).and_then(|line| number(&line)).unwrap_or(0) / 1024;
    (mib("VmRSS"), mib("VmHWM"))
}

fn line(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find(|line| line.starts_with(key)).map(ToOwned::to_owned)
}

fn number(line: &str) -> Option<u64> {
    line.split_whitespace().find_map(|word| word.parse().ok())
}
