//! 组织: the tree, what is set in it, who belongs where and who works for whom.

mod country;
mod import;
mod members;
mod moves;
mod roster;
mod roster_import;
mod roster_whole;
mod staff;
mod tree;
