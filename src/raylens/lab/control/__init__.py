"""The lab's control API: what `raylens lab` and scripts use to talk to a running lab."""
