/* The checks of log sources on facts made by hand: which state follows from which evidence, and
 * that every sentence has all its values in both languages. */
#include <check.h>
#include <string.h>

#include "analyzers/analyzer.h"
#include "analyzers/logs/clock.h"
#include "analyzers/logs/sealed.h"
#include "analyzers/logs/source_view.h"
#include "analyzers/rules/connection_log.h"
#include "core/time.h"
#include "tests/unit/embedded.h"
#include "tests/unit/judged.h"
#include "tests/unit/suites.h"

static struct fw_arena arena;
static struct fw_catalogue catalogue;
static struct fw_facts facts;
static struct fw_site site;
static struct fw_site_device declared;
static struct fw_device_facts device;
static struct fw_snapshot snapshots[2];
static struct fw_ruleset ruleset;
static struct fw_setting setting;
static struct fw_source_view source;
static struct fw_view_admin admin[2];
static struct fw_ticket ticket;
static struct fw_tickets tickets;
static uint8_t days[91];
static fw_sv paths[3];

static int64_t at(const char *text)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 0, false, &ns));
    return ns;
}

static void setup(void)
{
    test_catalogue_begin(&arena, &catalogue);
    memset(days, 1, sizeof(days));
    paths[0] = FW_SV("a.log");
    declared = (struct fw_site_device){.name = FW_SV("fw1"), .logs_required = true};
    ruleset = (struct fw_ruleset){.format = "cisco-asa", .has_settings = true};
    snapshots[0] = (struct fw_snapshot){.taken_ns = at("2026-04-01"), .ruleset = &ruleset};
    snapshots[1] = (struct fw_snapshot){.taken_ns = at("2026-06-30"), .ruleset = &ruleset};
    device = (struct fw_device_facts){
        .name = FW_SV("fw1"), .declared = &declared, .nsnapshots = 1, .snapshots = &snapshots[1]};
    site = (struct fw_site){.from_ns = at("2026-04-01"),
                            .to_ns = at("2026-06-30") + 86399 * FW_NS_PER_SEC,
                            .level = FW_SV("中"),
                            .ndevices = 1,
                            .devices = &declared};
    source = (struct fw_source_view){.name = FW_SV("fw1"),
                                     .device = FW_SV("fw1"),
                                     .format = FW_SV("asa-log"),
                                     .npaths = 3,
                                     .paths = paths,
                                     .events = 1000,
                                     .has_time = true,
                                     .first_ns = at("2026-04-01"),
                                     .last_ns = at("2026-06-30"),
                                     .first_day = at("2026-04-01") / FW_NS_PER_DAY,
                                     .ndays = 91,
                                     .days = days};
    facts = (struct fw_facts){.catalogue = &catalogue,
                              .site = &site,
                              .as_of_ns = at("2026-07-05"),
                              .has_as_of = true,
                              .ndevices = 1,
                              .devices = &device,
                              .nsources = 1,
                              .sources = &source};
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

static void expect(const char *check, enum fw_result_state state, const char *words,
                   const char *value)
{
    test_judged(&facts, &arena, check, state, words, value);
}

START_TEST(silent_days)
{
    expect("LOG-006", FW_RESULT_PASS, "pass", "91");
    days[0] = 0;
    days[90] = 0;
    expect("LOG-006", FW_RESULT_FAIL, "fail", "89");
    source.untimed = 1; /* it may be of one of the two days, not of both */
    expect("LOG-006", FW_RESULT_FAIL, "fail", "89");
    source.hours_lost = 1;
    expect("LOG-006", FW_RESULT_OPEN, "open.untimed", NULL);
    source.untimed = 0;
    source.hours_lost = 0;
    source.has_time = false;
    expect("LOG-006", FW_RESULT_FAIL, "fail", "0");
    source.untimed = 1000; /* events there are, on days that nobody knows */
    expect("LOG-006", FW_RESULT_OPEN, "open.untimed", NULL);
    source.device = FW_SV("other");
    expect("LOG-006", FW_RESULT_OPEN, "open.no_logs", NULL);
    facts.site = NULL;
    expect("LOG-006", FW_RESULT_OPEN, "open.no_inventory", NULL);
}
END_TEST

/* What a neighbour sent through the device is no life of its own, where the site says its host. */
START_TEST(neighbours)
{
    struct fw_source_view both[2] = {source, source};
    uint8_t none[sizeof(days)] = {0};
    facts.sources = both;
    facts.nsources = 2;
    both[1].name = FW_SV("neighbour");
    both[0].days = none;
    expect("LOG-006", FW_RESULT_PASS, "pass", "91"); /* nothing says which host is the device */
    declared.host = FW_SV("EDGE");
    both[0].name = FW_SV("edge");
    expect("LOG-006", FW_RESULT_OPEN, "open.other_host", NULL);
    both[0].days = days;
    expect("LOG-006", FW_RESULT_PASS, "pass", "91");
    days[0] = 0; /* for both of them */
    expect("LOG-006", FW_RESULT_FAIL, "fail", "90");
}
END_TEST

START_TEST(unreadable)
{
    expect("RET-005", FW_RESULT_OPEN, "open.no_size", NULL);
    source.ndamaged = 2;
    source.damaged_path = FW_SV("b.gz");
    expect("RET-005", FW_RESULT_FAIL, "fail", "1");
}
END_TEST

START_TEST(zone)
{
    expect("TIM-003", FW_RESULT_PASS, "pass", "100");
    source.zone_undeclared = 1; /* one of a thousand is one too many */
    expect("TIM-003", FW_RESULT_FAIL, "fail", "99.9");
    setting = (struct fw_setting){.kind = FW_SETTING_TIME_ZONE, .value = FW_SV("CST 8")};
    ruleset.settings = &setting;
    ruleset.nsettings = 1;
    expect("TIM-003", FW_RESULT_PASS, "pass", "100");
    source.untimed = 10;
    expect("TIM-003", FW_RESULT_FAIL, "fail.untimed", "99");
    source.events = 0;
    expect("TIM-003", FW_RESULT_OPEN, "open.no_logs", NULL);
}
END_TEST

/* Packets that the kernel logs have no end of a session; lines of another format beside them may.
 */
START_TEST(mixed_formats)
{
    source.format = FW_SV("netfilter-log");
    source.traffic = 1000;
    source.fields[FW_REQUIRED_ACTION] = (struct fw_tally){1000, 1000};
    source.fields[FW_REQUIRED_SESSION] = (struct fw_tally){995, 1000};
    expect("LOG-003", FW_RESULT_PASS, "pass.some", "99.5");
    source.other_formats = 100;
    expect("LOG-003", FW_RESULT_PASS, "pass.some", "99.5");
    source.fields[FW_REQUIRED_SESSION].present = 0; /* not theirs to have, or missing in theirs? */
    expect("LOG-003", FW_RESULT_OPEN, "open.mixed", NULL);
    source.fields[FW_REQUIRED_SESSION].present = 100; /* all of theirs, it may be */
    expect("LOG-003", FW_RESULT_OPEN, "open.mixed", NULL);
}
END_TEST

/* All samples in the bin of half to all of 2^n milliseconds; the farthest is ns off. */
static void clock_of(unsigned bits, bool early, int64_t ns, uint64_t samples)
{
    source.clock = (struct fw_clock_summary){
        .samples = samples, .min = early ? ns : 0, .max = early ? 0 : ns};
    source.clock.bins[early ? FW_CLOCK_SIDE - bits : FW_CLOCK_SIDE + bits] = samples;
}

START_TEST(skew)
{
    expect("TIM-004", FW_RESULT_OPEN, "open.one_clock", NULL);
    clock_of(9, false, 300 * INT64_C(1000000), 100);
    expect("TIM-004", FW_RESULT_PASS, "pass.received", "0.3");
    clock_of(11, false, 3 * FW_NS_PER_SEC, 100); /* 1.024 s to 2.048 s: no PASS at 2 s */
    expect("TIM-004", FW_RESULT_OPEN, "open.coarse", NULL);
    clock_of(11, false, 1900 * INT64_C(1000000), 100); /* none was off by more */
    expect("TIM-004", FW_RESULT_PASS, "pass.received", "1.9");
    clock_of(12, false, 3 * FW_NS_PER_SEC, 100); /* 2.048 s at least */
    expect("TIM-004", FW_RESULT_FAIL, "fail.received", "2.05");
    clock_of(12, true, -3 * FW_NS_PER_SEC, 100);
    expect("TIM-004", FW_RESULT_FAIL, "fail.received", "2.05");
    source.clock.zone_unknown = 100; /* may be the zone, not the clock */
    expect("TIM-004", FW_RESULT_OPEN, "open.one_clock", NULL);
}
END_TEST

START_TEST(forwarding)
{
    expect("LOG-007", FW_RESULT_FAIL, "fail.no_collector", NULL);
    setting = (struct fw_setting){
        .kind = FW_SETTING_LOG_HOST, .value = FW_SV("10.0.0.9"), .extra = FW_SV("17/514")};
    ruleset.settings = &setting;
    ruleset.nsettings = 1;
    expect("LOG-007", FW_RESULT_OPEN, "open.one_time", NULL);
    clock_of(15, false, 30 * FW_NS_PER_SEC, 100);
    expect("LOG-007", FW_RESULT_PASS, "pass", "30");
    clock_of(17, false, 100 * FW_NS_PER_SEC, 100);
    expect("LOG-007", FW_RESULT_FAIL, "fail", "65.54"); /* 65.536 s at least */
    clock_of(16, false, 62 * FW_NS_PER_SEC, 100);       /* 32.768 s to 62 s: neither at 60 s */
    expect("LOG-007", FW_RESULT_OPEN, "open.coarse", NULL);
    clock_of(16, false, 60 * FW_NS_PER_SEC, 100);
    expect("LOG-007", FW_RESULT_PASS, "pass", "60");
    clock_of(20, true, -900 * FW_NS_PER_SEC, 100); /* early: another check's */
    expect("LOG-007", FW_RESULT_PASS, "pass", "0");
    clock_of(15, false, 30 * FW_NS_PER_SEC, 100);
    site.level = FW_SV("高");
    expect("LOG-007", FW_RESULT_FAIL, "fail.udp", NULL);
    setting.extra = FW_SV("6/1514");
    expect("LOG-007", FW_RESULT_PASS, "pass", "30");
}
END_TEST

START_TEST(logging_stopped)
{
    expect("GAP-006", FW_RESULT_OPEN, "open.no_admin", NULL);
    admin[0] = (struct fw_view_admin){.ns = at("2026-05-01"),
                                      .user = FW_SV("ann"),
                                      .text = FW_SV("User 'ann' executed the 'show log' command")};
    admin[1] = (struct fw_view_admin){
        .ns = at("2026-05-02"),
        .user = FW_SV("ann"),
        .text = FW_SV("User 'ann' executed the 'no logging host' command")};
    source.admin = admin;
    source.nadmin = 1;
    expect("GAP-006", FW_RESULT_PASS, "pass", "0");
    source.nadmin = 2;
    expect("GAP-006", FW_RESULT_FAIL, "fail", "1");
    ticket = (struct fw_ticket){.id = FW_SV("CHG-1"),
                                .device = FW_SV("fw1"),
                                .approver = FW_SV("lin"),
                                .approved_ns = at("2026-04-30"),
                                .implemented_ns = at("2026-05-02T23:59:59Z")}; /* the day's end */
    tickets = (struct fw_tickets){.n = 1, .v = &ticket};
    facts.tickets = &tickets;
    expect("GAP-006", FW_RESULT_PASS, "pass", "0");
    ticket.implemented_ns = at("2026-05-01T23:59:59Z"); /* done the day before */
    expect("GAP-006", FW_RESULT_FAIL, "fail", "1");
    ticket.implemented_ns = at("2026-05-09");
    expect("GAP-006", FW_RESULT_FAIL, "fail", "1");
    ticket.implemented_ns = INT64_MIN;
    ticket.approved_ns = at("2026-05-01");
    expect("GAP-006", FW_RESULT_PASS, "pass", "0");
    ticket.approved_ns = at("2026-05-03"); /* afterwards */
    expect("GAP-006", FW_RESULT_FAIL, "fail", "1");
    ticket.approved_ns = at("2026-04-30");
    ticket.implemented_ns = at("2026-05-02T23:59:59Z");
    ticket.status = FW_SV("rejected");
    expect("GAP-006", FW_RESULT_FAIL, "fail", "1");
    admin[1].text = FW_SV("login profile guests was deleted"); /* no word of logs */
    expect("GAP-006", FW_RESULT_PASS, "pass", "0");
    admin[1].text = FW_SV("User 'ann' executed the 'clear login failures' command");
    expect("GAP-006", FW_RESULT_PASS, "pass", "0");
    source.admin_lost = 1; /* it may be what is looked for */
    expect("GAP-006", FW_RESULT_OPEN, "open.limit", NULL);
    source.admin_lost = 0;
    source.untimed = 1;
    expect("GAP-006", FW_RESULT_OPEN, "open.untimed", NULL);
    source.damaged = true;
    expect("GAP-006", FW_RESULT_OPEN, "open.unreadable", NULL);
    admin[1].text = FW_SV("Disk logs were deleted");
    expect("GAP-006", FW_RESULT_FAIL, "fail", "1");
}
END_TEST

/* Two snapshots that differ in a rule, and who did it. */
START_TEST(unexplained)
{
    struct fw_rule rules[2] = {{.position = 1, .action = FW_ACTION_PERMIT, .enabled = true},
                               {.position = 2, .action = FW_ACTION_DENY, .enabled = true}};
    struct fw_policy before = {.name = FW_SV("out"), .decides = true, .n = 1, .rules = rules};
    struct fw_policy after = {.name = FW_SV("out"), .decides = true, .n = 2, .rules = rules};
    struct fw_policy *policies[2] = {&before, &after};
    struct fw_ruleset old = ruleset;
    rules[1].content.b[0] = 1;
    ruleset.npolicies = 1;
    ruleset.policies = &policies[1];
    old.npolicies = 1;
    old.policies = &policies[0];
    snapshots[0].ruleset = &old;
    device.snapshots = snapshots;
    device.nsnapshots = 2;
    expect("LOG-005", FW_RESULT_OPEN, "open.no_admin_log", NULL);
    admin[0] = (struct fw_view_admin){.ns = at("2026-05-01"), .user = FW_SV("ann")};
    source.admin = admin;
    source.nadmin = 1;
    expect("LOG-005", FW_RESULT_PASS, "pass", "1");
    admin[0].action = FW_SV("login"); /* to come in changes nothing */
    expect("LOG-005", FW_RESULT_FAIL, "fail", NULL);
    admin[0].ns = at("2026-03-01"); /* of another period: nobody told this one */
    expect("LOG-005", FW_RESULT_OPEN, "open.no_admin_log", NULL);
    admin[0].ns = at("2026-05-01");
    admin[1] = (struct fw_view_admin){.ns = at("2026-07-02"), .action = FW_SV("command")};
    source.nadmin = 2;
    expect("LOG-005", FW_RESULT_FAIL, "fail", NULL);
    days[40] = 0; /* who changed it may stand in what is missing */
    expect("LOG-005", FW_RESULT_OPEN, "open.uncovered", NULL);
    days[40] = 1;
    source.ndays = 90;
    expect("LOG-005", FW_RESULT_OPEN, "open.uncovered", NULL);
    source.ndays = 91;
    source.lost = 1;
    expect("LOG-005", FW_RESULT_OPEN, "open.uncovered", NULL);
    admin[0].action = FW_SV("command");
    expect("LOG-005", FW_RESULT_PASS, "pass", "1");
    snapshots[0].taken_ns = INT64_MIN; /* it may have been taken after the event */
    expect("LOG-005", FW_RESULT_OPEN, "open.undated", NULL);
}
END_TEST

/* The worksheet has no row for a rule that comes with the device: nobody can decide about it. */
START_TEST(implied_rules)
{
    struct fw_rule rule = {
        .position = 1, .action = FW_ACTION_PERMIT, .enabled = true, .implied = true};
    struct fw_policy policy = {.name = FW_SV("out"), .decides = true, .n = 1, .rules = &rule};
    struct fw_policy *policies[1] = {&policy};
    const struct fw_decisions decisions = {.good = true};
    ruleset.npolicies = 1;
    ruleset.policies = policies;
    facts.decisions = &decisions;
    expect("WFL-003", FW_RESULT_PASS, "pass", "0");
}
END_TEST

START_TEST(sequence)
{
    expect("GAP-002", FW_RESULT_NA, "na.no_serial", NULL);
    source.serial = (struct fw_serial_summary){.present = 1, .first = 9, .last = 9};
    expect("GAP-002", FW_RESULT_OPEN, "open.one_serial", NULL);
    source.serial = (struct fw_serial_summary){.present = 100, .first = 1, .last = 100};
    expect("GAP-002", FW_RESULT_PASS, "pass", "0");
    source.serial.missing = 3;
    source.serial.repeated = 1;
    source.serial_hole = (struct fw_view_place){FW_SV("a.log"), {7, 300}};
    expect("GAP-002", FW_RESULT_FAIL, "fail", "4");
}
END_TEST

static struct fw_threshold threshold;

static void limit_to(const char *name, double value)
{
    threshold = (struct fw_threshold){.name = fw_sv_from(name), .value = value};
    site.thresholds = &threshold;
    site.nthresholds = 1;
}

static void tolerate(double seconds)
{
    limit_to("GAP-003.tolerance_seconds", seconds);
}

START_TEST(gaps)
{
    struct fw_gap_options options;
    fw_facts_gaps(&facts, &options);
    ck_assert_int_eq(options.history_ns, fw_gap_defaults.history_ns);
    ck_assert_int_eq(options.fixed_busy_ns, fw_gap_defaults.fixed_busy_ns);
    ck_assert_int_eq(options.fixed_quiet_ns, fw_gap_defaults.fixed_quiet_ns);
    limit_to("GAP-001.fixed_minutes", 90);
    fw_facts_gaps(&facts, &options);
    ck_assert_int_eq(options.fixed_busy_ns, 5400 * FW_NS_PER_SEC);
    ck_assert_int_eq(options.fixed_quiet_ns, FW_NS_PER_DAY);
    expect("GAP-001", FW_RESULT_PASS, "pass", "0");
    source.gaps.silent = true; /* of too short a history to speak of it */
    source.gaps.model.limit_ns = FW_NS_PER_DAY;
    expect("GAP-001", FW_RESULT_FAIL, "fail.fixed", NULL);
    source.gaps.model.rhythm = true;
    expect("GAP-001", FW_RESULT_FAIL, "fail.silence", NULL);
}
END_TEST

START_TEST(backwards)
{
    source.back.followed = 1;
    expect("GAP-003", FW_RESULT_OPEN, "open.not_followed", NULL);
    source.back.followed = 900;
    source.back.bins[0] = 9; /* up to a second */
    source.back.bins[1] = 9; /* up to two */
    source.back.most = 2 * FW_NS_PER_SEC;
    expect("GAP-003", FW_RESULT_PASS, "pass", "0");
    source.back.bins[2] = 3; /* up to four: one is of 2.5 s, the others are not known */
    source.back.most = 2500 * INT64_C(1000000);
    source.back_at = (struct fw_view_place){FW_SV("a.log"), {7, 300}};
    expect("GAP-003", FW_RESULT_FAIL, "fail", "3");
    tolerate(3);
    expect("GAP-003", FW_RESULT_PASS, "pass", "0");
    source.back.most = 3500 * INT64_C(1000000);
    expect("GAP-003", FW_RESULT_FAIL, "fail", "1");
    tolerate(2);
    source.back.bins[FW_BACK_BINS - 1] = 1;
    source.back.most = INT64_MAX;
    source.back_at = (struct fw_view_place){FW_SV("a.log"), {7, 300}};
    expect("GAP-003", FW_RESULT_FAIL, "fail", "4");
    source.has_time = false;
    expect("GAP-003", FW_RESULT_OPEN, "open.no_logs", NULL);
}
END_TEST

START_TEST(lost_messages)
{
    expect("GAP-005", FW_RESULT_OPEN, "open.no_system_log", NULL);
    source.loss = (struct fw_loss_summary){.lines = 50};
    expect("GAP-005", FW_RESULT_PASS, "pass", "0");
    source.damaged = true;
    expect("GAP-005", FW_RESULT_OPEN, "open.unreadable", NULL);
    source.loss.messages = 2;
    source.loss.lost = 90;
    source.loss_at = (struct fw_view_place){FW_SV("a.log"), {7, 300}};
    expect("GAP-005", FW_RESULT_FAIL, "fail", NULL);
    source.has_time = false; /* a collector's own log */
    expect("GAP-005", FW_RESULT_FAIL, "fail", NULL);
}
END_TEST

START_TEST(session_ends)
{
    expect("LOG-004", FW_RESULT_OPEN, "open.no_sessions", NULL);
    source.sessions = (struct fw_session_summary){.started = 1000, .ended = 990};
    expect("LOG-004", FW_RESULT_PASS, "pass", "1");
    source.sessions = (struct fw_session_summary){.started = 100000, .ended = 99999};
    expect("LOG-004", FW_RESULT_PASS, "pass", "0.01"); /* not none */
    source.sessions = (struct fw_session_summary){.started = 1000, .ended = 989};
    expect("LOG-004", FW_RESULT_FAIL, "fail", "1.1");
    source.sessions = (struct fw_session_summary){.timed = 1000}; /* ends only */
    expect("LOG-004", FW_RESULT_PASS, "pass", "0");
    source.sessions = (struct fw_session_summary){.started = 5}; /* starts only */
    expect("LOG-004", FW_RESULT_FAIL, "fail", "100");
}
END_TEST

START_TEST(clock_set)
{
    struct fw_view_step step = {
        at("2026-05-01T10:00:00Z"), -3 * FW_NS_PER_SEC, {FW_SV("a.log"), {7, 300}}};
    expect("TIM-005", FW_RESULT_OPEN, "open.one_time", NULL);
    clock_of(9, false, 300 * INT64_C(1000000), 100);
    expect("TIM-005", FW_RESULT_PASS, "pass", "0");
    source.steps = &step;
    source.nsteps = 1;
    expect("TIM-005", FW_RESULT_FAIL, "fail", NULL);
    admin[0] = (struct fw_view_admin){.ns = at("2026-05-01T10:00:02Z"),
                                      .text = FW_SV("User 'ann' executed the 'clock set' command")};
    source.admin = admin;
    source.nadmin = 1;
    expect("TIM-005", FW_RESULT_PASS, "pass", "0");
    admin[0].text = FW_SV("User 'ann' executed the 'show run' command");
    expect("TIM-005", FW_RESULT_FAIL, "fail", NULL);
    admin[0].text = FW_SV("User 'ann' executed the 'timeout conn 1:00' command");
    expect("TIM-005", FW_RESULT_FAIL, "fail", NULL);
    step.by = FW_NS_PER_SEC * 2; /* not more than the limit */
    expect("TIM-005", FW_RESULT_PASS, "pass", "0");
    source.steps_lost = 1;
    expect("TIM-005", FW_RESULT_OPEN, "open.limit", NULL);
}
END_TEST

static fw_ip v4(const char *text)
{
    fw_ip ip;
    ck_assert(fw_ip_parse(fw_sv_from(text), &ip));
    return ip;
}

START_TEST(dns_queries)
{
    fw_iprange resolver = {v4("10.0.0.53"), v4("10.0.0.54")};
    struct fw_dns_pair pairs[3] = {
        {.client = v4("10.0.0.9"), .server = v4("10.0.0.53"), .count = {.single = 9}},
        {.client = v4("10.0.0.53"), .server = v4("8.8.8.8"), .count = {.single = 9}},
        {.client = v4("10.0.0.9"), .server = v4("8.8.8.8"), .count = {.started = 5, .ended = 4}}};
    source.traffic = 100;
    source.dns = (struct fw_dns_summary){.total = {.single = 30}, .n = 2, .v = pairs};
    expect("DNS-002", FW_RESULT_OPEN, "open.no_list", NULL);
    site.dns = &resolver;
    site.ndns = 1;
    expect("DNS-002", FW_RESULT_PASS, "pass", "0");
    source.fields[FW_REQUIRED_TIMESTAMP] = (struct fw_tally){99, 100}; /* counted nowhere */
    expect("DNS-002", FW_RESULT_OPEN, "open.untimed", NULL);
    source.fields[FW_REQUIRED_TIMESTAMP] = (struct fw_tally){100, 100};
    source.dns.total.single = 0;
    expect("DNS-002", FW_RESULT_PASS, "pass", "0"); /* the configuration would tell */
    device.nsnapshots = 0;
    expect("DNS-002", FW_RESULT_OPEN, "open.no_config", NULL);
    source.dns.total.single = 30;
    source.dns.lost = 1;
    expect("DNS-002", FW_RESULT_OPEN, "open.too_many", NULL);
    source.dns.n = 3;
    expect("DNS-002", FW_RESULT_FAIL, "fail", "5");
}
END_TEST

/* Gone or edited since the last pack; of another device, or gone when it may be, is not counted. */
START_TEST(sealed_logs)
{
    const struct fw_sealed_log logs[] = {
        {FW_SV("a"), FW_SV("fw1"), FW_SEAL_SAME},    {FW_SV("b"), FW_SV("fw1"), FW_SEAL_MOVED},
        {FW_SV("c"), FW_SV("fw1"), FW_SEAL_GROWN},   {FW_SV("d"), FW_SV("fw1"), FW_SEAL_EXPIRED},
        {FW_SV("e"), FW_SV("fw2"), FW_SEAL_EXPIRED}, {FW_SV("f"), FW_SV("fw1"), FW_SEAL_CHANGED},
        {FW_SV("g"), FW_SV("fw1"), FW_SEAL_GONE}};
    struct fw_sealed_logs sealed = {at("2026-04-05"), 5, logs};
    expect("GAP-004", FW_RESULT_OPEN, "open.first", NULL);
    facts.sealed = &sealed;
    expect("GAP-004", FW_RESULT_PASS, "pass", "0");
    sealed.n = 7;
    expect("GAP-004", FW_RESULT_FAIL, "fail", "2");
    sealed.v = &logs[4];
    sealed.n = 1;
    expect("GAP-004", FW_RESULT_OPEN, "open.first", NULL);
    /* With its last log a device has no source any more: that is worse, not unknown. */
    sealed.v = logs;
    sealed.n = 7;
    facts.nsources = 0;
    declared.logs_required = false;
    expect("GAP-004", FW_RESULT_FAIL, "fail", "2");
}
END_TEST

/* What Cisco's Syslog Messages Guide says of 302013 to 302016 and 106023. */
START_TEST(by_itself)
{
    struct fw_setting settings[3] = {
        {.kind = FW_SETTING_LOG_LEVEL, .value = FW_SV("informational"), .extra = FW_SV("trap")},
        {.kind = FW_SETTING_LOG_OFF, .value = FW_SV("106100"), .extra = FW_SV("message")},
        {.kind = FW_SETTING_LOG_ON, .value = FW_SV("logging")}};
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_RULES);
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_UNKNOWN);
    ruleset.settings = settings;
    ruleset.nsettings = 2; /* a level alone starts nothing */
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_RULES);
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_UNKNOWN);
    ruleset.nsettings = 3;
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_ALL);
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_YES);
    settings[1].value = FW_SV("302014");
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_RULES);
    ck_assert_int_eq(fw_default_log_of(&ruleset), FW_DEFAULT_LOG_YES);
    settings[1].value = FW_SV("106023");
    ck_assert_int_eq(fw_default_log_of(&ruleset), FW_DEFAULT_LOG_NO);
    settings[1].value = FW_SV("106100");
    settings[0].extra = FW_SV("console"); /* shown to who looks, and gone */
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_RULES);
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_UNKNOWN);
    settings[0].extra = FW_SV("buffered");
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_ALL);
    settings[1].value = FW_SV("106023");
    settings[0].value = FW_SV("warnings");
    ck_assert_int_eq(fw_connection_log_of(&ruleset), FW_CONNECTION_LOG_RULES);
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_YES);
    settings[0].value = FW_SV("3");
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_UNKNOWN);
    settings[1].value = FW_SV("logging");
    ck_assert_int_eq(fw_records_kept(&ruleset), FW_DEFAULT_LOG_NO);
    settings[1].value = FW_SV("106023");
    ruleset.format = "iptables-save";
    ck_assert_int_eq(fw_default_log_of(&ruleset), FW_DEFAULT_LOG_NO);
    ruleset.format = "fortios";
    ck_assert_int_eq(fw_default_log_of(&ruleset), FW_DEFAULT_LOG_UNKNOWN);
}
END_TEST

Suite *fw_suite_log_checks(void)
{
    Suite *suite = suite_create("log_checks");
    TCase *tc = tcase_create("all");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, silent_days);
    tcase_add_test(tc, neighbours);
    tcase_add_test(tc, unreadable);
    tcase_add_test(tc, zone);
    tcase_add_test(tc, mixed_formats);
    tcase_add_test(tc, skew);
    tcase_add_test(tc, forwarding);
    tcase_add_test(tc, logging_stopped);
    tcase_add_test(tc, unexplained);
    tcase_add_test(tc, implied_rules);
    tcase_add_test(tc, by_itself);
    tcase_add_test(tc, sealed_logs);
    tcase_add_test(tc, gaps);
    tcase_add_test(tc, sequence);
    tcase_add_test(tc, backwards);
    tcase_add_test(tc, lost_messages);
    tcase_add_test(tc, session_ends);
    tcase_add_test(tc, clock_set);
    tcase_add_test(tc, dns_queries);
    suite_add_tcase(suite, tc);
    return suite;
}
