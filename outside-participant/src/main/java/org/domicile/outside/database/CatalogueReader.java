package org.domicile.outside.database;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.domicile.outside.database.Catalogue.Column;
import org.domicile.outside.database.Catalogue.Reference;
import org.domicile.outside.database.Catalogue.Sequence;
import org.domicile.outside.database.Catalogue.Table;

/** Reads a schema's catalogue. */
final class CatalogueReader {
    private static final String TABLES =
            "select c.relname as table, coalesce((select array_agg(a.attname::text order by"
                    + " array_position(i.indkey::int2[], a.attnum)) from pg_index i join pg_attribute a on a.attrelid = i.indrelid"
                    + " and a.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisprimary), '{}') as key"
                    + " from pg_class c where c.relnamespace = $1::text::regnamespace and c.relkind in ('r', 'p')"
                    + " and not c.relispartition order by 1";
    private static final String COLUMNS = "select c.relname as table, a.attname::text as column,"
            + " format_type(a.atttypid, -1) as type, a.attgenerated <> '' as generated,"
            + " not a.attnotnull or a.atthasdef or a.attidentity <> '' as optional,"
            + " quote_ident(n.nspname) || '.' || quote_ident(s.relname) as sequence, q.seqincrement, case when q.seqincrement > 0 then q.seqmax"
            + " else q.seqmin end as seqlast"
            + " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            + " left join lateral (select d.objid as sequence from pg_depend d where d.classid = 'pg_class'::regclass"
            + "   and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum"
            + "   and d.deptype in ('a', 'i') and exists (select from pg_sequence q where q.seqrelid = d.objid)"
            + "   union select d.refobjid from pg_attrdef f join pg_depend d on d.classid = 'pg_attrdef'::regclass"
            + "   and d.objid = f.oid where f.adrelid = c.oid and f.adnum = a.attnum"
            + "   and exists (select from pg_sequence q where q.seqrelid = d.refobjid) limit 1) g on true"
            + " left join pg_sequence q on q.seqrelid = g.sequence left join pg_class s on s.oid = g.sequence"
            + " left join pg_namespace n on n.oid = s.relnamespace"
            + " where c.relnamespace = $1::text::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
            + " order by c.relname, a.attnum";
    private static final String REFERENCES =
            "select k.conname::text as name, c.relname::text as table, p.relname::text as parent,"
                    + " (select array_agg(a.attname::text order by u.n) from unnest(k.conkey) with ordinality u (num, n)"
                    + "   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num) as columns,"
                    + " (select array_agg(a.attname::text order by u.n) from unnest(k.confkey) with ordinality u (num, n)"
                    + "   join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num) as parent_columns"
                    + " from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid"
                    + " where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = $1::text::regnamespace"
                    + " and p.relnamespace = c.relnamespace order by 1";

    private final String schema;

    CatalogueReader(String schema) {
        this.schema = schema;
    }

    Uni<Catalogue> read(SqlClient client) {
        return rows(client, COLUMNS).flatMap(columns -> rows(client, TABLES).flatMap(tables -> rows(client, REFERENCES)
                .map(references -> catalogue(tables, columns(columns), references))));
    }

    private Uni<RowSet<Row>> rows(SqlClient client, String sql) {
        // the name as an identifier: regnamespace folds what is not quoted
        return client.preparedQuery(sql).execute(Tuple.of("\"" + schema.replace("\"", "\"\"") + "\""));
    }

    private static Map<String, List<Column>> columns(RowSet<Row> rows) {
        var columns = new LinkedHashMap<String, List<Column>>();
        rows.forEach(r -> columns.computeIfAbsent(r.getString("table"), t -> new ArrayList<>())
                .add(new Column(
                        r.getString("column"),
                        r.getString("type"),
                        r.getBoolean("generated"),
                        r.getBoolean("optional"),
                        sequence(r))));
        return columns;
    }

    private static Optional<Sequence> sequence(Row row) {
        var increment = row.getLong("seqincrement");
        return increment == null
                ? Optional.empty()
                : Optional.of(new Sequence(row.getString("sequence"), increment, row.getLong("seqlast")));
    }

    private static Catalogue catalogue(RowSet<Row> tables, Map<String, List<Column>> columns, RowSet<Row> references) {
        var byName = new LinkedHashMap<String, Table>();
        tables.forEach(r -> byName.put(
                r.getString("table"),
                new Table(
                        r.getString("table"), columns.getOrDefault(r.getString("table"), List.of()), list(r, "key"))));
        return new Catalogue(
                byName,
                StreamSupport.stream(references.spliterator(), false)
                        .map(r -> new Reference(
                                r.getString("name"),
                                r.getString("table"),
                                list(r, "columns"),
                                r.getString("parent"),
                                list(r, "parent_columns")))
                        .toList());
    }

    private static List<String> list(Row row, String column) {
        return List.of(row.getArrayOfStrings(column));
    }
}
