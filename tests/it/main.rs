//! The whole service against real servers, in one binary. `LINLI_TEST_ON` says which: `sqlite` (default),
//! `sqlite+redis`, `postgres`, `postgres+redis`; `make test` runs all of them.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect ends there")]

mod helpers;

mod asking;
mod audit;
mod birthday;
mod board;
mod clients;
mod complaints;
mod content;
mod directions;
mod dispatch;
mod drafts;
mod files;
mod gate;
mod home;
mod idempotency;
mod identity;
mod inbox;
mod input;
mod ledger;
mod limits;
mod live;
mod migrations;
mod model;
mod notify;
mod openapi;
mod org;
mod overview;
mod peer;
mod pool;
mod presence;
mod privacy;
mod problems;
mod processes;
mod pushed;
mod races;
mod ranking;
mod request;
mod schedule;
mod seats;
mod showcase;
mod story;
mod tenancy;
mod themeday;
mod trials;
mod waves;
mod wechat;
mod widening;
