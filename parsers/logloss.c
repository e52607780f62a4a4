/* Which lines say that log messages were dropped, and how many? */
#include "parsers/logloss.h"

#include "core/sv.h"

enum place { NOWHERE, BEFORE, BEHIND };

/* What the programs print, and where their number stands. */
static const struct {
    const char *text;
    enum place number;
} rows[] = {
    {" - SKIPDATA", NOWHERE},                                 /* AWS VPC flow logs */
    {" INFO-EVENTS-LOST ", BEHIND},                           /* Windows: the field "info" */
    {" messages lost due to rate-limiting", BEFORE},          /* rsyslog imuxsock, imjournal */
    {"begin to drop messages due to rate-limiting", NOWHERE}, /* rsyslog */
    {"Forwarding to syslog missed ", BEHIND},                 /* journald */
    {" messages suppressed", BEFORE},                         /* the kernel's printk */
    {" callbacks suppressed", BEFORE},                        /* the kernel's net_ratelimit */
    {"audit: backlog limit exceeded", NOWHERE},               /* the kernel */
    {"audit: rate limit exceeded", NOWHERE},                  /* the kernel */
    {"dropping message", NOWHERE},                            /* syslog-ng */
    {"Destination queue full", NOWHERE},                      /* syslog-ng */
    {"logging queue is full", NOWHERE},                       /* ASA 414006 */
    {"System dropped ", BEHIND},                              /* IOS SYS-3-LOGGER_DROPPED */
    {"rate-limited or missed ", BEHIND},                      /* IOS SEC-6-IPACCESSLOGRL */
    {"Disk log is full", NOWHERE},                            /* FortiOS */
    {"Log disk is full", NOWHERE},                            /* FortiOS */
    {"logs were dropped", NOWHERE},                           /* PAN-OS */
    {"No space left on device", NOWHERE},                     /* a collector's disk */
};

static const char *const programs[] = {"rsyslogd",  "rsyslogd-2177",    "syslogd",
                                       "syslog-ng", "systemd-journald", "systemd-journal",
                                       "journal",   "auditd",           "kernel"};

static bool is_program(fw_sv app)
{
    return FW_SV_AMONG(app, programs);
}

static uint64_t number_before(fw_sv text, size_t at)
{
    size_t from = at;
    uint64_t n;
    while (from > 0 && fw_is_digit(text.p[from - 1])) {
        from--;
    }
    return fw_sv_u64(fw_sv_sub(text, from, at - from), &n) && n > 0 ? n : 1;
}

static uint64_t number_behind(fw_sv text, size_t at)
{
    uint64_t n;
    while (at < text.n && (text.p[at] == ' ' || text.p[at] == '-')) { /* empty fields */
        at++;
    }
    size_t to = at;
    while (to < text.n && fw_is_digit(text.p[to])) {
        to++;
    }
    return fw_sv_u64(fw_sv_sub(text, at, to - at), &n) && n > 0 ? n : 1;
}

/* "Suppressed 71 messages from /system.slice/ssh.service", "Missed 5 kernel messages": the word
 * before the number makes the meaning. */
static bool journald_lost(fw_sv text, uint64_t *ret)
{
    static const char *const words[][2] = {{"Suppressed ", " messages from "},
                                           {"Missed ", " kernel messages"}};
    for (size_t i = 0; i < 2; i++) {
        size_t at = fw_sv_find(text, fw_sv_from(words[i][0]));
        if (at != SIZE_MAX && fw_sv_find(text, fw_sv_from(words[i][1])) != SIZE_MAX) {
            *ret = number_behind(text, at + strlen(words[i][0]));
            return true;
        }
    }
    return false;
}

enum fw_logloss fw_logloss_read(const struct fw_logline *line, uint64_t *ret)
{
    /* Sensors' records are no system log, and they are long. */
    bool sensor = line->event.alert_sid != 0 || (line->text.n > 0 && line->text.p[0] == '{');
    bool device = line->parser && line->verdict != FW_LINE_BAD && !sensor;
    if (!device && !is_program(line->envelope.app)) {
        return FW_LOGLOSS_NONE;
    }
    fw_sv text = line->envelope.message;
    if (journald_lost(text, ret)) {
        return FW_LOGLOSS_LOST;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t at = fw_sv_find(text, fw_sv_from(rows[i].text));
        if (at != SIZE_MAX) {
            *ret = rows[i].number == BEFORE   ? number_before(text, at)
                   : rows[i].number == BEHIND ? number_behind(text, at + strlen(rows[i].text))
                                              : 1;
            return FW_LOGLOSS_LOST;
        }
    }
    return FW_LOGLOSS_SYSTEM;
}
