/* Parts of a rule's JSON, as parsed_rule writes it, for expectations that have much in common. */
#ifndef FW_TESTS_UNIT_RULEJSON_H
#define FW_TESTS_UNIT_RULEJSON_H

#define IFS "\"in\":\"any\",\"out\":\"any\","
#define ADDRS "\"source\":\"any\",\"destination\":\"any\","
#define ANY IFS ADDRS
/* One service; `more` is "" or ",\"key\":\"value\"". */
#define SVC(proto, sport, dport, more) \
    "\"service\":[{\"protocol\":\"" proto "\",\"source_port\":\"" sport \
    "\",\"destination_port\":\"" dport "\"" more "}],"
#define ALL SVC("any", "any", "any", "")
/* The end of a rule that is read in full, ... */
#define TAIL "\"comment\":\"\",\"hits\":null,\"exact\":true,\"unmodelled\":[]}"
/* ... and of one with words that are not modelled. */
#define WIDE(words) "\"comment\":\"\",\"hits\":null,\"exact\":false,\"unmodelled\":[" words "]}"

#endif
