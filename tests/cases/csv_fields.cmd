# A sensor's own list of alert_csv: without it the line is nobody's, with it an alert; wrong lists stop the run, and the
# store does not give what was read with another list.
echo '"DEMO, probe",2900002,445,192.0.2.10,40000,198.51.100.7,TCP,06/14/26-10:00:01.877970 ' >alert.csv
fwproof parse --json alert.csv
fwproof parse --json --csv-fields msg,sig_id,dstport,dst,srcport,src,proto,timestamp alert.csv
fwproof parse --json --csv-fields 'msg sid src_port src_addr dst_port dst_addr proto timestamp' alert.csv
fwproof parse --csv-fields msg,sig_idd alert.csv
fwproof ids --csv-fields timestamp,msg alert.csv
site()
{
    printf '{"agency": {"name": "Agency"}, "period": {"name": "2026Q2"}, "as_of": "2026-07-05", "devices": [
  {"name": "ids01", "kind": "ids", "logs": "alert.csv"%s}]}\n' "$1" >site.json
    fwproof review --json site.json 2>/dev/null >said.json
    node -e 'for (const i of JSON.parse(require("fs").readFileSync("said.json")).inputs)
        if (i.role === "log") console.log(JSON.stringify(i.lines))'
}
site ''
site ', "alert_csv_fields": "msg,sig_id,dstport,dst,srcport,src,proto,timestamp"'
site ', "alert_csv_fields": "sig_id,msg,dstport,dst,srcport,src,proto,timestamp"'
site ', "alert_csv_fields": "msg,sig_id,dstport,dst,srcport,src,proto,timestamp"'
