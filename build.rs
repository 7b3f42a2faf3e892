//! The built clients are part of the program: it is built anew when they are. `scripts/clients` puts them there.

fn main() {
    println!("cargo::rerun-if-changed=clients/dist");
}
