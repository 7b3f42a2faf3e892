//! 组织: the tree, what is set in it, who belongs where and who works for whom.

mod import;
mod roster;
mod staff;
mod tree;
