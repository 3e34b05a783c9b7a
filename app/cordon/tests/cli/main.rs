//! The binary as people and scripts meet it: exit codes, streams, and messages for wrong input.

#[cfg(unix)]
mod apply;
#[cfg(unix)]
mod approvals;
mod bench;
mod drill;
mod estate;
mod estates;
mod evidence;
mod follow;
#[cfg(unix)]
mod guards;
mod holds;
mod judging;
mod leases;
mod logs;
mod pipelines;
mod plan_check;
mod plans;
mod record;
mod respond;
mod rules;
mod rules_coverage;
mod rules_explain;
mod rules_list;
mod rules_test;
mod running;
mod scan;
mod steps;
mod strangers;
mod surface;
mod usual;
