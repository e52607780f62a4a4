// node duckdb.js FILE: seven fields of every line of EVE by DuckDB, on one thread. Prints lines and
// processor seconds. Needs the package @duckdb/node-api where NODE_PATH points.
const { DuckDBInstance } = require('@duckdb/node-api');

async function main(file) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const before = process.cpuUsage();
  const reader = await connection.runAndReadAll(`
    SELECT event_type, count(*) AS n, max(timestamp), max(src_ip), max(dest_ip), max(src_port),
           max(dest_port), max(alert.signature_id)
    FROM read_ndjson('${file.replaceAll("'", "''")}', columns = {
      timestamp: 'VARCHAR', event_type: 'VARCHAR', src_ip: 'VARCHAR', dest_ip: 'VARCHAR',
      src_port: 'INTEGER', dest_port: 'INTEGER', alert: 'STRUCT(signature_id BIGINT)'})
    GROUP BY event_type`);
  const cpu = process.cpuUsage(before);
  const lines = reader.getRows().reduce((sum, row) => sum + Number(row[1]), 0);
  console.log(`${lines} lines, cpu ${((cpu.user + cpu.system) / 1e6).toFixed(2)} s`);
}

main(process.argv[2]);
