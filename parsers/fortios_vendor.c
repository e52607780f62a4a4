/* What does every FortiOS device come with? Services that need not be written, and objects of a new
 * device that nobody chose: unused, they are nobody's to clean up. */
#include "parsers/fortios.h"

static const struct {
    const char *name, *ports;
} services[] = {
#define FW_SERVICE(name, ports) {name, ports},
#include "parsers/fortios_services.def"
#undef FW_SERVICE
};

/* Fortinet, FortiOS Administration Guide, "Predefined services", groups. */
static const char *const service_groups[] = {"Email Access", "Exchange Server", "Web Access",
                                             "Windows AD", "webproxy"};

/* Fortinet, FortiOS Administration Guide, "Address objects" and "Schedules". */
static const char *const others[] = {
    "EMS_ALL_UNKNOWN_CLIENTS",
    "EMS_ALL_UNMANAGEABLE_CLIENTS",
    "FABRIC_DEVICE",
    "FCTEMS_ALL_FORTICLOUD_SERVERS",
    "FIREWALL_AUTH_PORTAL_ADDRESS",
    "G Suite",
    "Microsoft Office 365",
    "SSLVPN_TUNNEL_ADDR1",
    "SSLVPN_TUNNEL_IPv6_ADDR1",
    "all",
    "always",
    "default-darrp-optimize",
    "gmail.com",
    "login.microsoft.com",
    "login.microsoftonline.com",
    "login.windows.net",
    "metadata-server",
    "none",
    "wildcard.dropbox.com",
    "wildcard.google.com",
};

const char *fw_fos_vendor_service(fw_sv name)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (fw_sv_is(name, services[i].name)) {
            return services[i].ports;
        }
    }
    return NULL;
}

static bool is_one_of(fw_sv name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

bool fw_fos_is_vendors(fw_sv name, bool service)
{
    return service ? fw_fos_vendor_service(name) ||
                         is_one_of(name, service_groups, sizeof(service_groups) / sizeof(char *))
                   : is_one_of(name, others, sizeof(others) / sizeof(char *));
}
