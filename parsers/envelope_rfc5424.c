/* The header of RFC 5424: host, program and message id in their places, and structured data. */
#include "parsers/envelope_impl.h"

/* A parameter of a structured data element that says something about time or order. */
static void take_parameter(fw_sv id, fw_sv name, fw_sv value, struct fw_envelope *ret)
{
    if (fw_sv_is(id, "timeQuality")) {
        if (fw_sv_is(name, "isSynced")) {
            ret->synced = fw_sv_is(value, "1");
        } else if (fw_sv_is(name, "tzKnown")) {
            ret->zone_known = fw_sv_is(value, "1");
        }
    } else if (fw_sv_is(id, "meta") && fw_sv_is(name, "sequenceId")) {
        ret->has_sequence = fw_sv_u64(value, &ret->sequence);
    }
}

/* One "[id name="value" ...]" at the front. Inside a value \" \\ \] are escaped. False, and nothing
 * cut off, when it is none: then it is the message that begins with a bracket. */
static bool read_element(fw_sv *rest, struct fw_envelope *ret)
{
    fw_sv s = *rest;
    size_t i = 1;
    while (i < s.n && s.p[i] != ' ' && s.p[i] != ']' && s.p[i] != '=' && s.p[i] != '"') {
        i++;
    }
    fw_sv id = fw_sv_sub(s, 1, i - 1);
    while (i < s.n && s.p[i] == ' ') {
        size_t name = ++i;
        while (i < s.n && s.p[i] != '=' && s.p[i] != ' ' && s.p[i] != ']') {
            i++;
        }
        if (i + 1 >= s.n || s.p[i] != '=' || s.p[i + 1] != '"') {
            return false;
        }
        fw_sv key = fw_sv_sub(s, name, i - name);
        size_t value = i += 2;
        while (i < s.n && s.p[i] != '"') {
            i += s.p[i] == '\\' ? 2 : 1;
        }
        if (i >= s.n) {
            return false;
        }
        take_parameter(id, key, fw_sv_sub(s, value, i - value), ret);
        i++;
    }
    if (i >= s.n || s.p[i] != ']' || id.n == 0) {
        return false;
    }
    fw_cut(rest, i + 1);
    return true;
}

bool fw_envelope_rfc5424_body(fw_sv rest, bool strict, struct fw_envelope *ret)
{
    fw_sv host = fw_cut_word(&rest);
    fw_sv app = fw_cut_word(&rest);
    fw_sv pid = fw_cut_word(&rest);
    fw_sv msgid = fw_cut_word(&rest);
    fw_cut_blanks(&rest);
    bool nil = rest.n > 0 && rest.p[0] == '-' && (rest.n == 1 || fw_is_blank(rest.p[1]));
    bool data = rest.n > 0 && rest.p[0] == '[';
    if (strict && (!(nil || data) || app.n == 0 || app.p[app.n - 1] == ':' || app.p[0] == '%' ||
                   msgid.n == 0)) {
        return false;
    }
    struct fw_envelope before = *ret;
    if (nil) {
        fw_cut(&rest, 1);
    }
    bool any = false;
    while (rest.n > 0 && rest.p[0] == '[' && read_element(&rest, ret)) {
        any = true;
    }
    if (strict && !nil && !any) {
        *ret = before;
        return false;
    }
    if (rest.n > 0 && rest.p[0] == ' ') {
        fw_cut(&rest, 1);
    }
    if (fw_sv_starts(rest, "\xef\xbb\xbf")) {
        fw_cut(&rest, 3);
    }
    ret->kind = FW_ENVELOPE_RFC5424;
    ret->host = fw_not_nil(host);
    ret->app = fw_not_nil(app);
    ret->pid = fw_not_nil(pid);
    ret->msgid = fw_not_nil(msgid);
    ret->message = rest;
    return true;
}

bool fw_envelope_rfc5424(fw_sv rest, struct fw_envelope *ret)
{
    size_t i = 0;
    while (i < rest.n && i < 3 && fw_is_digit(rest.p[i])) {
        i++;
    }
    if (i == 0 || rest.p[0] == '0' || i >= rest.n || rest.p[i] != ' ') {
        return false;
    }
    fw_cut(&rest, i + 1);
    if (fw_sv_starts(rest, "- ")) {
        fw_cut(&rest, 1);
    } else if (fw_stamp_rfc3339(&rest, &ret->time)) {
        ret->has_time = true;
    } else {
        return false;
    }
    return fw_envelope_rfc5424_body(rest, false, ret);
}
