/*
 * What the files that read an export of RouterOS share: statements with their words, lists of
 * addresses and interfaces, and where rules go. Nobody else needs this.
 */
#ifndef FW_PARSERS_MIKROTIK_H
#define FW_PARSERS_MIKROTIK_H

#include "core/index.h"
#include "parsers/choice.h"
#include "parsers/maker.h"

/* "key=value", a bare word, or what stands in brackets ("[ find default=yes ]", key "["). */
struct fw_ros_word {
    fw_sv key;
    fw_sv value;  /* without quotes and escapes; {0}: a bare word */
    fw_sv raw;    /* the value as it stands in the text */
    bool negated; /* "key=!value" */
};

/* "/ip firewall filter add action=drop chain=input", wherever its path was written. */
struct fw_ros_statement {
    fw_sv menu; /* "ip firewall filter" */
    fw_sv verb; /* "add"; "" none */
    size_t n;
    const struct fw_ros_word *words;
    uint32_t first, last; /* lines */
    bool cut;             /* a quote or bracket is not closed */
};

struct fw_ros_reader {
    struct fw_doc *doc;
    size_t at;     /* in the text */
    uint32_t line; /* of it */
    fw_sv menu;
};

/* False: there are no more. Comments and blank lines are marked on the way. */
bool fw_ros_next(struct fw_ros_reader *reader, struct fw_ros_statement *ret);
/* The last of its key; NULL: it is not there, or is empty. */
const struct fw_ros_word *fw_ros_word(const struct fw_ros_statement *statement, const char *key);
fw_sv fw_ros_value(const struct fw_ros_statement *statement, const char *key);
bool fw_ros_yes(const struct fw_ros_statement *statement, const char *key);
fw_span fw_ros_span(const struct fw_doc *doc, const struct fw_ros_statement *statement);
void fw_ros_mark(struct fw_doc *doc, const struct fw_ros_statement *statement,
                 enum fw_line_verdict verdict);

enum fw_ros_table { FW_ROS_FILTER, FW_ROS_NAT, FW_ROS_RAW, FW_ROS_TABLES };
enum { FW_ROS_FOUR, FW_ROS_SIX, FW_ROS_FAMILIES };

struct fw_ros_names {
    size_t n;
    fw_sv *v;
};

/* An interface list. */
struct fw_ros_iflist {
    fw_sv name;
    struct fw_ros_names members, include, exclude;
    bool varying; /* others join while the device runs */
    bool open;    /* being expanded */
};

/* An address list: what is written, and whether more comes while the device runs. */
struct fw_ros_list {
    struct fw_thing *thing;
    struct fw_choosing choosing;
    bool varying;
};

struct fw_ros {
    struct fw_maker maker;
    struct fw_things things;
    struct fw_index list_places[FW_ROS_FAMILIES], iflist_places;
    size_t nlists, niflists;
    struct fw_ros_list *lists;
    struct fw_ros_iflist *iflists;
    bool scripted; /* a script changes lists of addresses */
    struct fw_index chains[FW_ROS_FAMILIES][FW_ROS_TABLES];
    bool seen[FW_ROS_FAMILIES]; /* rules of the filter */
};

/* False: it is not about a list. */
bool fw_ros_list_statement(struct fw_ros *ros, const struct fw_ros_statement *statement);
struct fw_ros_list *fw_ros_list(struct fw_ros *ros, int family, fw_sv name);
/* What the list stands for, once all entries were read. */
const struct fw_thing *fw_ros_list_settled(struct fw_ros *ros, int family, fw_sv name);
struct fw_ros_iflist *fw_ros_iflist(struct fw_ros *ros, fw_sv name);
/* All entries were read: those that no rule names, too. */
void fw_ros_lists_settle(struct fw_ros *ros);
/* One address, network or range; false: a name, or nothing. */
bool fw_ros_address(fw_sv text, fw_iprange *ret);
struct fw_policy *fw_ros_chain(struct fw_ros *ros, int family, enum fw_ros_table table, fw_sv name);

struct fw_ros_settings;
struct fw_ros_settings *fw_ros_settings_new(struct fw_ros *ros);
/* False: its menu is none of them. */
bool fw_ros_setting(struct fw_ros_settings *settings, const struct fw_ros_statement *statement);
void fw_ros_settings_finish(struct fw_ros_settings *settings);

/* Lists are settled; the statement is in one of these tables. */
void fw_ros_rule(struct fw_ros *ros, int family, enum fw_ros_table table,
                 const struct fw_ros_statement *statement);

#endif
