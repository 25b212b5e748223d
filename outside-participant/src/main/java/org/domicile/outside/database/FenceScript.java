package org.domicile.outside.database;

import static org.domicile.outside.database.MovedTable.literal;
import static org.domicile.outside.database.MovedTable.quoted;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The triggers that are installed on a table that moves. They run after each row, in the writer's transaction: a statement that the
 * fence refuses changes nothing, and a row that {@code on conflict do nothing} or another trigger has dropped leaves no version behind.
 * The mover's own writes ({@code session_replication_role = replica}) pass them by.
 */
final class FenceScript {
    private final List<MovedTable> tables;
    private final String own;

    /** @param own the participant's schema */
    FenceScript(List<MovedTable> tables, String own) {
        this.tables = tables;
        this.own = quoted(own);
    }

    /** Repeatable statements. */
    List<String> statements() {
        return tables.stream()
                .flatMap(t -> List.of(function(t), trigger(t), truncation(t)).stream())
                .toList();
    }

    private String function(MovedTable table) {
        var name = literal(table.name());
        return """
                create or replace function %1$s.%2$s() returns trigger language plpgsql security definer
                  set search_path = %1$s, pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO, YMD'
                  set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 as $fence$
                declare
                  old_key text;
                  new_key text;
                  old_account uuid;
                  new_account uuid;
                  passed bigint;
                begin
                  if tg_op <> 'INSERT' then
                    old_key := %3$s;
                    select v.account_id into old_account from row_version v where v.class = %4$s and v.key = old_key;
                    if old_account is null then
                      old_account := %5$s;
                    end if;
                  end if;
                  if tg_op <> 'DELETE' then
                    new_key := %6$s;
                    new_account := %7$s;
                  end if;
                  if old_account is not null then
                    passed := pass_fence(old_account);
                  end if;
                  if new_account is not null and new_account is distinct from old_account then
                    passed := pass_fence(new_account);
                  end if;
                  if old_account is not null and (new_account is distinct from old_account or new_key is distinct from old_key) then
                    delete from row_version v where v.account_id = old_account and v.class = %4$s and v.key = old_key;
                  end if;
                  if new_account is not null then
                    insert into row_version (account_id, class, key, version) values (new_account, %4$s, new_key, passed)
                      on conflict (account_id, class, key) do update set version = excluded.version;
                  end if;
                  if tg_op = 'UPDATE' and new_account is distinct from old_account then
                    %8$s
                  end if;
                  return null;
                end $fence$""".formatted(
                        own,
                        functionName(table),
                        table.keyOf("old"),
                        name,
                        table.accountOf("old"),
                        table.keyOf("new"),
                        table.accountOf("new"),
                        handedOver(table));
    }

    /** A row that is given to another account, or by nobody to one, takes with it the rows that belong to it. */
    private String handedOver(MovedTable table) {
        var statements = tables.stream()
                .flatMap(d -> d.pathTo(table.name()).stream().map(path -> handedOver(d, path)))
                .collect(Collectors.joining("\n    "));
        return statements.isEmpty() ? "null;" : statements;
    }

    private String handedOver(MovedTable descendant, List<Catalogue.Reference> path) {
        var from = new StringBuilder(descendant.relation()).append(" d");
        var alias = "d";
        for (int i = 0; i < path.size() - 1; i++) {
            from.append(" join ")
                    .append(descendant.relation(path.get(i).parent()))
                    .append(" h")
                    .append(i)
                    .append(" on ")
                    .append(MovedTable.refers(path.get(i), alias, "h" + i));
            alias = "h" + i;
        }
        var rows = " from " + from + " where " + MovedTable.refers(path.getLast(), alias, "new");
        var name = literal(descendant.name());
        var key = descendant.keyOf("d");
        return "delete from row_version v where v.class = " + name + " and v.key in (select " + key + rows + ");\n"
                + "    if new_account is not null then insert into row_version (account_id, class, key, version)"
                + " select new_account, " + name + ", " + key + ", passed" + rows + "; end if;";
    }

    private String trigger(MovedTable table) {
        return "create or replace trigger domicile_fence after insert or update or delete on " + table.relation()
                + " for each row execute function " + own + "." + functionName(table) + "()";
    }

    private String truncation(MovedTable table) {
        return "create or replace trigger domicile_fence_truncate before truncate on " + table.relation()
                + " for each statement execute function " + own + ".refuse_truncate()";
    }

    private static String functionName(MovedTable table) {
        return quoted("fence_" + table.name());
    }
}
