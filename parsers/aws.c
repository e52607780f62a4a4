/* Amazon VPC: what `aws ec2 describe-security-groups`, `describe-security-group-rules` and
 * `describe-network-acls` print.
 *   {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22,
 *    "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}]}]}
 * A security group only permits, in any order; both of its directions are a policy, met by what
 * enters or leaves an interface of that name. A network ACL is asked in the order of its numbers at
 * every subnet it is associated with. (Amazon VPC User Guide, "Security group rules", "Network ACL
 * rules".) */
#include <inttypes.h>
#include <stdlib.h>

#include "core/proto.h"
#include "parsers/choice.h"
#include "parsers/jsonlines.h"
#include "parsers/maker.h"
#include "parsers/parser.h"

enum { MIN_ACL_DEFAULT = 32767 }; /* the rule "*" that every list ends with */

/* --- Keys, and why those that are ignored select no packet --- */

static const char names[] = "names and owners select no packet";
static const char tags[] = "labels select no packet";
static const char inventory[] = "machines have no rules of their own: their groups do";

static const struct fw_known root_keys[] = {
    {"SecurityGroups", NULL},
    {"SecurityGroupRules", NULL},
    {"NetworkAcls", NULL},
    {"Reservations", inventory},
    {"DBInstances", inventory},
    {"DomainStatusList", inventory},
    {"NetworkInterfaces", inventory},
    {"Subnets", inventory},
    {"Vpcs", inventory},
    {"NextToken", "a place in the answer"},
    {NULL, NULL},
};
static const struct fw_known group_keys[] = {
    {"GroupId", NULL},
    {"GroupName", names},
    {"Description", names},
    {"IpPermissions", NULL},
    {"IpPermissionsEgress", NULL},
    {"OwnerId", names},
    {"VpcId", names},
    {"Tags", tags},
    {"SecurityGroupArn", names},
    {NULL, NULL},
};
static const struct fw_known permission_keys[] = {
    {"IpProtocol", NULL}, {"FromPort", NULL},      {"ToPort", NULL},           {"IpRanges", NULL},
    {"Ipv6Ranges", NULL}, {"PrefixListIds", NULL}, {"UserIdGroupPairs", NULL}, {NULL, NULL},
};
static const struct fw_known source_keys[] = {
    {"CidrIp", NULL},
    {"CidrIpv6", NULL},
    {"PrefixListId", NULL},
    {"GroupId", NULL},
    {"UserId", names},
    {"GroupName", names},
    {"Description", NULL},
    {"VpcId", names},
    {"PeeringStatus", names},
    {"VpcPeeringConnectionId", names},
    {NULL, NULL},
};
static const struct fw_known rule_keys[] = {
    {"SecurityGroupRuleId", NULL},
    {"GroupId", NULL},
    {"GroupOwnerId", names},
    {"IsEgress", NULL},
    {"IpProtocol", NULL},
    {"FromPort", NULL},
    {"ToPort", NULL},
    {"CidrIpv4", NULL},
    {"CidrIpv6", NULL},
    {"PrefixListId", NULL},
    {"ReferencedGroupInfo", NULL},
    {"Description", NULL},
    {"Tags", tags},
    {"SecurityGroupRuleArn", names},
    {NULL, NULL},
};
static const struct fw_known acl_keys[] = {
    {"Associations", NULL}, {"Entries", NULL}, {"IsDefault", names}, {"NetworkAclId", NULL},
    {"Tags", tags},         {"VpcId", names},  {"OwnerId", names},   {NULL, NULL},
};
static const struct fw_known association_keys[] = {
    {"NetworkAclAssociationId", names},
    {"NetworkAclId", names},
    {"SubnetId", NULL},
    {NULL, NULL},
};
static const struct fw_known entry_keys[] = {
    {"CidrBlock", NULL},    {"Ipv6CidrBlock", NULL}, {"Egress", NULL},
    {"IcmpTypeCode", NULL}, {"PortRange", NULL},     {"Protocol", NULL},
    {"RuleAction", NULL},   {"RuleNumber", NULL},    {NULL, NULL},
};
static const struct fw_known range_keys[] = {
    {"From", NULL}, {"To", NULL}, {"Type", NULL}, {"Code", NULL}, {NULL, NULL},
};

/* --- Values --- */

struct making {
    struct fw_maker *maker;
    const struct fw_jvalue *value; /* that the rule is made of */
    struct fw_rule rule;
    struct fw_terms terms;
};

static void begin(struct making *making, struct fw_maker *maker, const struct fw_jvalue *value)
{
    *making = (struct making){.maker = maker, .value = value};
    making->rule = (struct fw_rule){
        .enabled = true, .action = FW_ACTION_PERMIT, .span = value->span};
    fw_terms_init(&making->terms, &maker->doc->scratch, FW_FAMILY_BOTH);
}

static void unread(struct making *making, const struct fw_jvalue *value, const char *expected)
{
    fw_jlines_bad(making->maker->doc, value ? value : making->value, expected);
    fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("not understood"), false));
}

/* A number from -1 to `last`; -1 or none: any. False: it is none. */
static bool number(const struct fw_jvalue *object, const char *key, uint32_t last, int64_t *ret)
{
    bool members = object && object->type == FW_JSON_OBJECT;
    const struct fw_jvalue *written = members ? fw_json_find(object, key) : NULL;
    bool none = !written || written->type == FW_JSON_NULL;
    fw_sv text = fw_jlines_value(written);
    uint32_t value;
    if (object && !members && object->type != FW_JSON_NULL) {
        return false;
    }
    if (none || fw_sv_is(text, "-1")) {
        *ret = -1;
        return true;
    }
    if (!fw_sv_u32(text, last, &value)) {
        return false;
    }
    *ret = value;
    return true;
}

static void add_icmp(struct making *making, uint8_t proto, int64_t type, int64_t code)
{
    struct fw_arena *scratch = &making->maker->doc->scratch;
    struct fw_term term = type < 0 ? fw_term_proto(scratch, proto)
                                   : fw_term_icmp(scratch, proto, (unsigned)type, (int)code);
    fw_terms_and(&making->terms, &term, 1);
}

/* The protocol, with its ports or its ICMP type and code. */
static void add_service(struct making *making, fw_sv protocol, const struct fw_jvalue *ports,
                        const char *from_key, const char *to_key, const struct fw_jvalue *icmp,
                        const char *type_key, const char *code_key)
{
    struct fw_arena *scratch = &making->maker->doc->scratch;
    uint8_t proto;
    int64_t from;
    int64_t to;
    if (fw_sv_is(protocol, "-1")) {
        return;
    }
    if (!fw_proto_parse(protocol, &proto)) {
        unread(making, NULL, "the name or number of a protocol");
        return;
    }
    if (proto == FW_PROTO_ICMP || proto == FW_PROTO_ICMP6) {
        if (!number(icmp, type_key, UINT8_MAX, &from) || !number(icmp, code_key, UINT8_MAX, &to)) {
            unread(making, icmp, "a type and a code of ICMP, or -1");
        } else {
            add_icmp(making, proto, from, to);
        }
        return;
    }
    struct fw_term term = fw_term_proto(scratch, proto);
    if (proto == FW_PROTO_TCP || proto == FW_PROTO_UDP) {
        if (!number(ports, from_key, UINT16_MAX, &from) ||
            !number(ports, to_key, UINT16_MAX, &to) || from > to || (from < 0 && to >= 0)) {
            unread(making, ports, "ports from 0 to 65535, the lower first");
        } else if (from >= 0 && to >= 0) {
            term.dport = fw_numset_range(scratch, (uint32_t)from, (uint32_t)to);
        }
    }
    fw_terms_and(&making->terms, &term, 1);
}

/* False: neither key is there. */
static bool add_network(struct making *making, const struct fw_jvalue *object, const char *key,
                        const char *key6, bool destination)
{
    fw_sv text = fw_jlines_text(object, key);
    fw_iprange range;
    if (text.n == 0) {
        text = fw_jlines_text(object, key6);
    }
    if (text.n == 0) {
        return false;
    }
    if (!fw_iprange_parse(text, &range, NULL)) {
        unread(making, object, "a network as 192.0.2.0/24");
        return true;
    }
    struct fw_term term = {0};
    const struct fw_ipset *set = fw_ipset_make(&making->maker->doc->scratch, &range, 1);
    *(destination ? &term.dst : &term.src) = set;
    fw_terms_and(&making->terms, &term, 1);
    return true;
}

/* Whose addresses are kept elsewhere: "security-group sg-1". */
static void add_outside(struct making *making, const char *kind, fw_sv name, bool destination)
{
    fw_sv words[] = {destination ? FW_SV("destination") : FW_SV("source"), fw_sv_from(kind), name};
    struct fw_atom atom = fw_atom_make(
        FW_ATOM_FIXED, fw_words_join(&making->maker->doc->scratch, words, 3), false);
    atom.outside = true;
    fw_terms_atom(&making->terms, atom);
}

static void add_source(struct making *making, const struct fw_jvalue *source, const char *cidr,
                       bool destination)
{
    const struct fw_jvalue *group = fw_json_find(source, "ReferencedGroupInfo");
    fw_sv list = fw_jlines_text(source, "PrefixListId");
    fw_sv id = fw_jlines_text(group ? group : source, "GroupId");
    if (add_network(making, source, cidr, "CidrIpv6", destination)) {
        return;
    }
    if (list.n > 0) {
        add_outside(making, "prefix-list", list, destination);
    } else if (id.n > 0) {
        add_outside(making, "security-group", id, destination);
    } else {
        unread(making, source, "a network, a prefix list or a security group");
    }
}

static void add_rule(struct making *making, struct fw_policy *policy, bool unknown)
{
    if (unknown) {
        fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("unknown key"), false));
    }
    fw_maker_rule(making->maker, policy, &making->rule, &making->terms);
    fw_arena_reset(&making->maker->doc->scratch);
}

/* Something stands in the place of a list that is none. */
static bool is_odd(struct fw_doc *doc, const struct fw_jvalue *object, const char *key)
{
    const struct fw_jvalue *written = fw_json_find(object, key);
    bool odd = written && written->type != FW_JSON_ARRAY && written->type != FW_JSON_NULL;
    if (odd) {
        fw_jlines_bad(doc, written, "a list");
    }
    return odd;
}

/* --- Security groups --- */

static struct fw_policy *group_policy(struct fw_maker *maker, fw_sv id, bool egress, fw_span span)
{
    fw_sv name = fw_arena_printf(&maker->doc->arena, "%.*s/%s", FW_SV_ARG(id),
                                 egress ? "egress" : "ingress");
    struct fw_policy *policy = fw_maker_find(maker, name);
    if (!policy) {
        policy = fw_maker_policy(maker, name, FW_FAMILY_BOTH);
        policy->span = span;
        fw_maker_bind(maker, policy, egress ? (fw_sv){0} : id, egress ? id : (fw_sv){0}, span);
    }
    return policy;
}

/* Every source of a permission is a rule, as the console shows them. */
static void read_permission(struct fw_maker *maker, struct fw_policy *policy,
                            const struct fw_jvalue *permission, bool egress)
{
    static const char *const lists[] = {"IpRanges", "Ipv6Ranges", "PrefixListIds",
                                        "UserIdGroupPairs"};
    bool unknown = fw_jlines_keys(maker->doc, permission, permission_keys);
    for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
        const struct fw_jvalue *list = fw_jlines_array(permission, lists[k]);
        for (size_t i = 0; list && i < list->count; i++) {
            const struct fw_jvalue *source = &list->items[i];
            struct making making;
            bool unknown_source = fw_jlines_keys(maker->doc, source, source_keys);
            begin(&making, maker, source);
            making.rule.comment = fw_jlines_text(source, "Description");
            add_service(&making, fw_jlines_text(permission, "IpProtocol"), permission, "FromPort",
                        "ToPort", permission, "FromPort", "ToPort");
            add_source(&making, source, "CidrIp", egress);
            add_rule(&making, policy, unknown || unknown_source);
        }
        unknown = is_odd(maker->doc, permission, lists[k]) || unknown;
    }
    if (unknown) { /* for whom else, is what was not read */
        struct making making;
        begin(&making, maker, permission);
        add_service(&making, fw_jlines_text(permission, "IpProtocol"), permission, "FromPort",
                    "ToPort", permission, "FromPort", "ToPort");
        add_rule(&making, policy, true);
    }
}

static void read_group(struct fw_maker *maker, const struct fw_jvalue *group)
{
    static const char *const sides[] = {"IpPermissions", "IpPermissionsEgress"};
    bool unknown = fw_jlines_keys(maker->doc, group, group_keys);
    fw_sv id = fw_jlines_text(group, "GroupId");
    if (id.n == 0) {
        fw_jlines_bad(maker->doc, group, "the id of a security group");
        return;
    }
    for (int egress = 0; egress < 2; egress++) {
        const struct fw_jvalue *list = fw_jlines_array(group, sides[egress]);
        bool odd = is_odd(maker->doc, group, sides[egress]);
        if (!list && !odd && !unknown) {
            continue; /* of a classic network, or cut out of another answer */
        }
        struct fw_policy *policy = group_policy(maker, id, egress, group->span);
        if (odd || unknown) { /* it may permit more */
            struct making making;
            begin(&making, maker, group);
            add_rule(&making, policy, true);
        }
        for (size_t i = 0; list && i < list->count; i++) {
            read_permission(maker, policy, &list->items[i], egress);
        }
    }
}

/* One row of describe-security-group-rules. */
static void read_group_rule(struct fw_maker *maker, const struct fw_jvalue *row)
{
    const struct fw_jvalue *egress = fw_json_find(row, "IsEgress");
    bool unknown = fw_jlines_keys(maker->doc, row, rule_keys);
    fw_sv id = fw_jlines_text(row, "GroupId");
    const struct fw_jvalue *other = fw_json_find(row, "ReferencedGroupInfo");
    bool placed = egress && egress->type == FW_JSON_BOOL;
    if (id.n == 0 || !placed) {
        fw_jlines_bad(maker->doc, row, "a security group and a direction");
    }
    if (other) {
        unknown = fw_jlines_keys(maker->doc, other, source_keys) || unknown;
    }
    for (int out = 0; id.n > 0 && out < 2; out++) {
        if (placed && egress->boolean != out) {
            continue;
        }
        struct making making;
        begin(&making, maker, row);
        making.rule.id = fw_jlines_text(row, "SecurityGroupRuleId");
        making.rule.comment = fw_jlines_text(row, "Description");
        add_service(&making, fw_jlines_text(row, "IpProtocol"), row, "FromPort", "ToPort", row,
                    "FromPort", "ToPort");
        add_source(&making, row, "CidrIpv4", out);
        add_rule(&making, group_policy(maker, id, out, row->span), unknown || !placed);
    }
}

/* --- Network ACLs --- */

struct entry {
    uint32_t number;
    size_t place; /* in the file: equal numbers of two families */
    bool unknown; /* it has a key that nobody knows, or its place is not known */
    const struct fw_jvalue *value;
};

static int by_number(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                  : (x->place > y->place) - (x->place < y->place);
}

static void read_entry(struct fw_maker *maker, struct fw_policy *policy, const struct entry *row,
                       bool egress)
{
    const struct fw_jvalue *entry = row->value;
    const struct fw_jvalue *ports = fw_json_find(entry, "PortRange");
    const struct fw_jvalue *icmp = fw_json_find(entry, "IcmpTypeCode");
    fw_sv action = fw_jlines_text(entry, "RuleAction");
    struct making making;
    begin(&making, maker, entry);
    making.rule.id = fw_jlines_text(entry, "RuleNumber");
    making.rule.action = fw_sv_is(action, "allow") ? FW_ACTION_PERMIT : FW_ACTION_DENY;
    if (!fw_sv_is(action, "allow") && !fw_sv_is(action, "deny")) {
        fw_jlines_bad(maker->doc, entry, "the action allow or deny");
        making.rule.action = FW_ACTION_UNKNOWN;
    }
    if (!add_network(&making, entry, "CidrBlock", "Ipv6CidrBlock", egress)) {
        unread(&making, entry, "a network as 192.0.2.0/24");
    }
    add_service(&making, fw_jlines_text(entry, "Protocol"), ports, "From", "To", icmp, "Type",
                "Code");
    add_rule(&making, policy, row->unknown);
}

/* `unknown` tells of each entry whether something in it is not known, `unread` of the list. */
static void read_direction(struct fw_maker *maker, fw_sv id, const struct fw_jvalue *acl,
                           const bool *unknown, bool unread, bool egress)
{
    struct fw_doc *doc = maker->doc;
    const struct fw_jvalue *entries = fw_jlines_array(acl, "Entries");
    const struct fw_jvalue *subnets = fw_jlines_array(acl, "Associations");
    struct entry *v = fw_new_array(&doc->arena, entries ? entries->count : 0, struct entry);
    size_t n = 0;
    fw_sv name = fw_arena_printf(&doc->arena, "%.*s/%s", FW_SV_ARG(id),
                                 egress ? "egress" : "ingress");
    struct fw_policy *policy = fw_maker_policy(maker, name, FW_FAMILY_BOTH);
    policy->span = acl->span;
    for (size_t i = 0; subnets && i < subnets->count; i++) {
        fw_sv subnet = fw_jlines_text(&subnets->items[i], "SubnetId");
        if (subnet.n > 0) {
            fw_maker_bind(maker, policy, egress ? (fw_sv){0} : subnet, egress ? subnet : (fw_sv){0},
                          subnets->items[i].span);
        }
    }
    if (unread) { /* an entry may come before all that were read */
        fw_policy_unread(doc, &maker->pool, policy, FW_SV("unknown key"), acl->span);
    }
    for (size_t i = 0; entries && i < entries->count; i++) {
        const struct fw_jvalue *entry = &entries->items[i];
        const struct fw_jvalue *side = fw_json_find(entry, "Egress");
        bool placed = side && side->type == FW_JSON_BOOL;
        if (entry->type != FW_JSON_OBJECT || (placed && side->boolean != egress)) {
            continue;
        }
        v[n] = (struct entry){.place = i, .unknown = unknown[i] || !placed, .value = entry};
        if (!fw_sv_u32(fw_jlines_text(entry, "RuleNumber"), MIN_ACL_DEFAULT + 1, &v[n].number)) {
            fw_jlines_bad(doc, entry, "a rule number");
            v[n].number = 0; /* it may come before all others */
            v[n].unknown = true;
        }
        n++;
    }
    qsort(v, n, sizeof(*v), by_number);
    for (size_t i = 0; i < n; i++) {
        read_entry(maker, policy, &v[i], egress);
    }
}

static void read_acl(struct fw_maker *maker, const struct fw_jvalue *acl)
{
    bool unread = fw_jlines_keys(maker->doc, acl, acl_keys);
    unread = is_odd(maker->doc, acl, "Entries") || unread;
    fw_sv id = fw_jlines_text(acl, "NetworkAclId");
    const struct fw_jvalue *entries = fw_jlines_array(acl, "Entries");
    const struct fw_jvalue *subnets = fw_jlines_array(acl, "Associations");
    for (size_t i = 0; subnets && i < subnets->count; i++) {
        fw_jlines_keys(maker->doc, &subnets->items[i], association_keys);
    }
    bool *unknown = fw_new_array(&maker->doc->arena, entries ? entries->count : 0, bool);
    for (size_t i = 0; entries && i < entries->count; i++) {
        const struct fw_jvalue *entry = &entries->items[i];
        static const char *const ranges[] = {"PortRange", "IcmpTypeCode"};
        unknown[i] = fw_jlines_keys(maker->doc, entry, entry_keys);
        for (size_t k = 0; k < 2; k++) {
            const struct fw_jvalue *range = fw_json_find(entry, ranges[k]);
            if (range) {
                unknown[i] = fw_jlines_keys(maker->doc, range, range_keys) || unknown[i];
            }
        }
        const struct fw_jvalue *side = fw_json_find(entry, "Egress");
        if (!side || side->type != FW_JSON_BOOL) {
            fw_jlines_bad(maker->doc, entry, "a direction: Egress true or false");
        }
    }
    if (id.n == 0) {
        fw_jlines_bad(maker->doc, acl, "the id of a network ACL");
        return;
    }
    read_direction(maker, id, acl, unknown, unread, false);
    read_direction(maker, id, acl, unknown, unread, true);
}

/* --- The document --- */

static const struct {
    const char *key;
    void (*read)(struct fw_maker *maker, const struct fw_jvalue *value);
} sections[] = {
    {"SecurityGroups", read_group},
    {"SecurityGroupRules", read_group_rule},
    {"NetworkAcls", read_acl},
};

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_maker maker;
    fw_maker_init(&maker, doc, ret);
    ret->implicit_deny = true;
    const struct fw_jvalue *root = fw_jlines_parse(doc);
    if (root) {
        fw_jlines_keys(doc, root, root_keys);
    }
    for (size_t s = 0; root && s < sizeof(sections) / sizeof(sections[0]); s++) {
        const struct fw_jvalue *list = fw_jlines_array(root, sections[s].key);
        is_odd(doc, root, sections[s].key);
        for (size_t i = 0; list && i < list->count; i++) {
            if (list->items[i].type == FW_JSON_OBJECT) {
                sections[s].read(&maker, &list->items[i]);
            } else {
                fw_jlines_bad(doc, &list->items[i], "an object");
            }
        }
    }
    fw_jlines_finish(doc);
    fw_maker_finish(&maker);
}

/* One of the three answers, and what is in it. */
static int bid(fw_sv head)
{
    static const struct {
        const char *key, *inside;
    } rows[] = {
        {"\"SecurityGroups\"", "\"IpPermissions\""},
        {"\"SecurityGroupRules\"", "\"IsEgress\""},
        {"\"NetworkAcls\"", "\"NetworkAclId\""},
    };
    if (!fw_sv_starts(fw_sv_trim(head), "{")) {
        return FW_BID_NO;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_find(head, fw_sv_from(rows[i].key)) != SIZE_MAX &&
            fw_sv_find(head, fw_sv_from(rows[i].inside)) != SIZE_MAX) {
            return FW_BID_SURE;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_aws = {
    .name = "aws",
    .title = "Amazon VPC security groups and network ACLs (JSON of the AWS CLI)",
    .kind = FW_PARSER_RULESET,
    .version = 4,
    .bid = bid,
    .ruleset = parse,
};
