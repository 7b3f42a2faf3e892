# 邻里: 群众点单 → 社区派单 → 党员接单 → 组织晒单

.PHONY: help run dev cluster clients demo test bench soak faults fmt lint dist

# 列出这些命令 (this list)
help:
	@awk '/^# /{words=substr($$0,3)} /^[a-z]+:/{sub(/:.*/,""); printf "  make %-7s %s\n",$$0,words} /^$$/{words=""}' Makefile

# 在本机跑起来：服务、微信替身、Redis；Ctrl-C 停，数据留在 var/ (everything, locally)
run:
	@scripts/run

# 像 make run，但手机端和后台改了立刻看得到 (hot reload of the clients)
dev:
	@scripts/run --dev

# 像一个区那样跑：nginx 后面三个副本，PostgreSQL、Redis；Ctrl-C 停，什么都不留 (three replicas, locally)
cluster:
	@scripts/cluster

# 手机端和后台：装依赖、检查、编译 (the two clients: installed, checked, built)
clients:
	@scripts/clients --check

# 现场演示：点单、派单、200 人抢 20 个名额、晒单，一步一步讲；用完即弃 (the story, told step by step)
demo:
	@scripts/demo

# 格式、静态检查、单元测试，再用 SQLite、PostgreSQL、有无 Redis 各测一遍，最后在浏览器里走一遍 (what CI runs)
test:
	@scripts/test

# 量快慢：通知十万人的同时别人接单慢多少，写进 docs/bench.md (how fast, beside a bare floor)
bench:
	@scripts/bench

# 把抢单的测试在四种组合上各重复上百轮，再让时间表走许多年 (the races by the hundred, the timetable by the year)
soak:
	@scripts/soak

# 故意种下错误，看测试能不能发现 (plants faults and sees the tests fail)
faults:
	@scripts/faults

# 排好代码格式 (format the code)
fmt:
	@cargo fmt --all

# 格式和静态检查，有一处不对就算失败 (format and lints, strict)
lint:
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets -- -D warnings

# 打出可以部署的包，不带微信替身：target/dist/linli.tar.gz (a package without the stand-in)
dist:
	scripts/clients
	cargo build --release --package linli --no-default-features
	mkdir -p target/dist
	tar -czf target/dist/linli.tar.gz -C target/release linli -C ../.. LICENSE config data
