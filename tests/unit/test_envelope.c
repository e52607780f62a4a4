/* Headers before log messages: what is host, program, time and message. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "parsers/envelope.h"
#include "tests/unit/mangle.h"
#include "tests/unit/suites.h"

static void put(struct fw_buf *out, const char *name, fw_sv value)
{
    if (value.n > 0) {
        fw_buf_printf(out, " %s=[%.*s]", name, FW_SV_ARG(value));
    }
}

static void put_stamp(struct fw_buf *out, const char *name, const struct fw_stamp *t)
{
    fw_buf_printf(out, " %s=%04d-%02u-%02uT%02u:%02u:%02u", name, t->year, t->month, t->day,
                  t->hour, t->minute, t->second);
    if (t->nanos) {
        fw_buf_printf(out, ".%09u", t->nanos);
    }
    if (t->has_zone) {
        fw_buf_printf(out, "%+d", t->zone_seconds);
    }
}

/* Only what is present, so that a test shows what was found. */
static void describe(fw_sv line, struct fw_arena *scratch, struct fw_buf *out)
{
    static const char *const kinds[] = {"bare", "3164", "5424", "journald"};
    struct fw_envelope env;
    fw_envelope_read(line, scratch, &env);
    fw_buf_add_cstr(out, kinds[env.kind]);
    if (env.has_priority) {
        fw_buf_printf(out, " pri=%u", env.priority);
    }
    if (env.has_time) {
        put_stamp(out, "time", &env.time);
    }
    if (env.has_generated) {
        put_stamp(out, "generated", &env.generated);
    }
    put(out, "host", env.host);
    put(out, "relay", env.relay);
    put(out, "app", env.app);
    put(out, "pid", env.pid);
    put(out, "msgid", env.msgid);
    if (env.has_sequence) {
        fw_buf_printf(out, " sequence=%llu", (unsigned long long)env.sequence);
    }
    if (env.synced >= 0) {
        fw_buf_printf(out, " synced=%d", env.synced);
    }
    if (env.zone_known >= 0) {
        fw_buf_printf(out, " zone_known=%d", env.zone_known);
    }
    put(out, "message", env.message);
}

static const struct {
    const char *line, *expected;
} cases[] = {
    {"Nov 16 00:12:34 192.168.0.1 Nov 16 2014 00:12:33 fw01 : %ASA-6-305011: Built",
     "3164 time=0000-11-16T00:12:34 generated=2014-11-16T00:12:33 host=[fw01] relay=[1"
     "92.168.0.1] message=[%ASA-6-305011: Built]"},
    {"Nov 16 00:12:34 192.168.0.1 Nov 16 2014 00:12:33: %ASA-6-305011: Built",
     "3164 time=0000-11-16T00:12:34 generated=2014-11-16T00:12:33 host=[192.168.0.1] m"
     "essage=[%ASA-6-305011: Built]"},
    {"<189>29: *Apr 14 2013 21:56:22.000: %SYS-5-CONFIG_I: Configured",
     "3164 pri=189 time=2013-04-14T21:56:22 sequence=29 synced=0 message=[%SYS-5-CONFI"
     "G_I: Configured]"},
    {"<189>: 2013 Apr 14 21:56:22 UTC: %SYS-5-CONFIG_I: Configured",
     "3164 pri=189 time=2013-04-14T21:56:22+0 message=[%SYS-5-CONFIG_I: Configured]"},
    {"<166>:Jan 01 12:00:00 PDT: %ASA-session-6-302013: Built",
     "3164 pri=166 time=0000-01-01T12:00:00 message=[%ASA-session-6-302013: Built]"},
    {"Sep 12 2014 08:14:04 asa1 : %ASA-6-302013: Built",
     "3164 time=2014-09-12T08:14:04 host=[asa1] message=[%ASA-6-302013: Built]"},
    {"May  5 17:51:17 dev01: %FTD-6-302013: Built",
     "3164 time=0000-05-05T17:51:17 host=[dev01] message=[%FTD-6-302013: Built]"},
    {"Apr 30 09:22:33 CISCO-SENSOR-1 : %ASA-6-302016: Built",
     "3164 time=0000-04-30T09:22:33 host=[CISCO-SENSOR-1] message=[%ASA-6-302016: Buil"
     "t]"},
    {"Oct 10 2018 12:34:56 localhost CiscoASA[999]: %ASA-6-305011: x",
     "3164 time=2018-10-10T12:34:56 host=[localhost] app=[CiscoASA] pid=[999] message="
     "[%ASA-6-305011: x]"},
    {"Mar 24 14:26:01 --- last message repeated 2 times ---",
     "3164 time=0000-03-24T14:26:01 app=[message repeated] message=[last message repea"
     "ted 2 times ---]"},
    {"Nov 18 13:39:49 kernel: [10051.3] DROP IN=eth0 OUT= X",
     "3164 time=0000-11-18T13:39:49 app=[kernel] message=[[10051.3] DROP IN=eth0 OUT= "
     "X]"},
    {"Wed May 19 08:00:01 2021 kern.warn kernel: [10051.313745] DROP(src wan)IN=eth0 O"
     "UT= MAC=",
     "3164 pri=4 time=2021-05-19T08:00:01 app=[kernel] message=[[10051.313745] DROP(sr"
     "c wan)IN=eth0 OUT= MAC=]"},
    {"Jun  8 14:34:33 host [1.2] IN=eth0 OUT= SRC=",
     "3164 time=0000-06-08T14:34:33 host=[host] message=[[1.2] IN=eth0 OUT= SRC=]"},
    {"Jun  8 14:34:33 host DROP IN=eth0 OUT= SRC=",
     "3164 time=0000-06-08T14:34:33 host=[host] app=[DROP] message=[DROP IN=eth0 OUT= "
     "SRC=]"},
    {"83 <165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's",
     "5424 pri=165 time=2003-08-24T05:14:15.000003000-25200 host=[192.0.2.1] app=[mypr"
     "oc] pid=[8710] message=[%% It's]"},
    {"<34>1 2003-10-11T22:14:15.003Z host su - ID47 [timeQuality tzKnown=\"1\" isSynce"
     "d=\"0\" x=\"a\\]b\"][meta sequenceId=\"77\"] BOM",
     "5424 pri=34 time=2003-10-11T22:14:15.003000000+0 host=[host] app=[su] msgid=[ID4"
     "7] sequence=77 synced=0 zone_known=1 message=[BOM]"},
    {"2022-08-27T14:22:01.613Z space01 NSX 3106 - [abc@6876 comp=\"abc-edge\"] keep",
     "5424 time=2022-08-27T14:22:01.613000000+0 host=[space01] app=[NSX] pid=[3106] me"
     "ssage=[keep]"},
    {"2022-08-27T17:22:01.694554+03:00 space01.x CRON 20856 - -  (root) CMD",
     "5424 time=2022-08-27T17:22:01.694554000+10800 host=[space01.x] app=[CRON] pid=[2"
     "0856] message=[ (root) CMD]"},
    {"2018-08-14T14:30:02.203151+02:00 linux-sqrz systemd[4179]: Stopped",
     "3164 time=2018-08-14T14:30:02.203151000+7200 host=[linux-sqrz] app=[systemd] pid"
     "=[4179] message=[Stopped]"},
    {"<166>2016-05-20T12:53:01.034Z vpcr07 Vpxa: [71237B90 verbose 'hostdstats'] Set",
     "3164 pri=166 time=2016-05-20T12:53:01.034000000+0 host=[vpcr07] app=[Vpxa] messa"
     "ge=[[71237B90 verbose 'hostdstats'] Set]"},
    {"<13>foo: bar", "3164 pri=13 app=[foo] message=[bar]"},
    {"<3444>Oct 11 22:14:15 mymachine su: x",
     "bare message=[<3444>Oct 11 22:14:15 mymachine su: x]"},
    {"foo.log:Mar 17 13:39:13 linux kernel: [956932.5] DROP IN=",
     "3164 time=0000-03-17T13:39:13 host=[linux] app=[kernel] message=[[956932.5] DROP"
     " IN=]"},
    {"Mar 11 19:26:45 osx-machine sockerfilterfw[1985] <Info>: launchd",
     "3164 time=0000-03-11T19:26:45 host=[osx-machine] app=[sockerfilterfw] pid=[1985]"
     " message=[<Info>: launchd]"},
    {"{\"__REALTIME_TIMESTAMP\":\"1534860261221373\",\"_HOSTNAME\":\"gw\",\"PRIORITY\""
     ":\"4\",\"SYSLOG_FACILITY\":\"0\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"_TRANSPORT\""
     ":\"kernel\",\"MESSAGE\":[73,78,61,101]}",
     "journald pri=4 time=2018-08-21T14:04:21.221373000+0 host=[gw] app=[kernel] messa"
     "ge=[IN=e]"},
    {"{\"a\":1}", "bare message=[{\"a\":1}]"},
    {"Jun  8 14:34:33 relay <166>Jun  8 14:34:30 fw1 kernel: [1.2] IN=",
     "3164 pri=166 time=0000-06-08T14:34:33 generated=0000-06-08T14:34:30 host=[fw1] r"
     "elay=[relay] app=[kernel] message=[[1.2] IN=]"},
    {"2023-01-01T00:00:00+08:00 relay 2022-12-31T16:00:00Z fw1 kernel: x",
     "3164 time=2023-01-01T00:00:00+28800 generated=2022-12-31T16:00:00+0 host=[fw1] r"
     "elay=[relay] app=[kernel] message=[x]"},
    {"1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - BOM'su root'",
     "5424 time=2003-10-11T22:14:15.003000000+0 host=[mymachine.example.com] app=[su] "
     "msgid=[ID47] message=[BOM'su root']"},
    {"<1>12 - mymachine - - ID47 - asd asdaasd",
     "5424 pri=1 host=[mymachine] msgid=[ID47] message=[asd asdaasd]"},
    {"Dec 13 11:35:28 a-mac App[21412]: 2016-12-13 11:35:28.419 Goog",
     "3164 time=0000-12-13T11:35:28 host=[a-mac] app=[App] pid=[21412] message=[2016-1"
     "2-13 11:35:28.419 Goog]"},
    {"hello", "bare message=[hello]"},
    {"Feb 29 10:00:00 h a: x", "3164 time=0000-02-29T10:00:00 host=[h] app=[a] message=[x]"},
    {"Mar  8 15:18:40 avas: last message repeated 11 times",
     "3164 time=0000-03-08T15:18:40 host=[avas] app=[message repeated] message=[last m"
     "essage repeated 11 times]"},
    {"Feb  9 21:20:08  sshd[8317]: last message repeated 2 times",
     "3164 time=0000-02-09T21:20:08 app=[sshd] pid=[8317] message=[last message repeat"
     "ed 2 times]"},
    {"Dec 13 11:35:28 mac Google Chrome[85294]: objc[85294]: __weak variable",
     "3164 time=0000-12-13T11:35:28 host=[mac] app=[Google Chrome] pid=[85294] message"
     "=[objc[85294]: __weak variable]"},
    {"Dec 13 11:35:28 mac com.apple.xpc.launchd[1] (com.apple.quicklook[22305]): Endpo"
     "int has",
     "3164 time=0000-12-13T11:35:28 host=[mac] app=[com.apple.xpc.launchd] pid=[1] mes"
     "sage=[Endpoint has]"},
    {"<7>unparsable line", "3164 pri=7 message=[unparsable line]"},
};

START_TEST(lines)
{
    struct fw_arena scratch;
    struct fw_buf out;
    fw_arena_init(&scratch, 0);
    fw_buf_init(&out);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fw_buf_reset(&out);
        fw_arena_reset(&scratch);
        describe(fw_sv_from(cases[i].line), &scratch, &out);
        ck_assert_str_eq(out.p, cases[i].expected);
    }
    fw_buf_clear(&out);
    fw_arena_clear(&scratch);
}
END_TEST

/* An envelope never points outside the line (or, for a journal entry, the scratch arena). */
START_TEST(prefixes)
{
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t n = 0; n <= strlen(cases[i].line); n++) {
            struct fw_envelope env;
            char *copy = exactly(fw_sv_of(cases[i].line, n));
            fw_arena_reset(&scratch);
            fw_envelope_read(fw_sv_of(copy, n), &scratch, &env);
            ck_assert_uint_le(env.message.n, n);
            if (env.kind != FW_ENVELOPE_JOURNALD && env.message.n > 0) {
                ck_assert(env.message.p >= copy && env.message.p + env.message.n == copy + n);
            }
            free(copy);
        }
    }
    fw_arena_clear(&scratch);
}
END_TEST

Suite *fw_suite_envelope(void)
{
    Suite *suite = suite_create("envelope");
    TCase *tc = tcase_create("lines");
    tcase_add_test(tc, lines);
    tcase_add_test(tc, prefixes);
    suite_add_tcase(suite, tc);
    return suite;
}
