using System.Buffers.Binary;
using System.Data.Common;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Membership;

namespace WeCan.Controller.Store;

/// <summary>
/// How rows stand in the tables of a database, the same in each. Numbers of 64 bits without a sign are kept with the same bits and a
/// sign; a member, and a change, in the bytes that they have on the wire.
/// </summary>
internal sealed class SqlRows(DbConnection connection)
{
    /// <summary>The one network; null in a store that is new.</summary>
    public NetworkRow? LoadNetwork()
    {
        NetworkRow? network = null;
        Read("SELECT id, name, created FROM network", row =>
            network = new(new(BinaryPrimitives.ReadUInt128BigEndian(Blob(row, 0, NetworkId.Bytes))), row.GetString(1), Time(row, 2)));
        return network;
    }

    /// <exception cref="InvalidDataException">A row is none that this program has written.</exception>
    public ControllerState Load()
    {
        var state = new ControllerState { Network = LoadNetwork() };
        Read("SELECT number, mark FROM base", row => state.Base = new(Unsigned(row, 0), Unsigned(row, 1)));
        Read("SELECT number, body, tls_key, older_tls_key, token, joined, issuer FROM member", row =>
        {
            var member = Change(row, 1).Member ?? throw new InvalidDataException($"member {row.GetInt64(0)} is none");
            state.Members.Add(member.Number, new(member, Print(row, 2), row.IsDBNull(3) ? default : Print(row, 3), Unsigned(row, 4), Time(row, 5)) { Issuer = row.IsDBNull(6) ? default : Print(row, 6) });
        });
        Read("SELECT id, secret_hash, role, name, region, site, operator, uses_left, created, expires, is_revoked FROM token", row =>
            state.Tokens.Add(Unsigned(row, 0), new()
            {
                Id = Unsigned(row, 0),
                SecretHash = Print(row, 1),
                Role = (NodeRole)row.GetInt64(2),
                Name = row.GetString(3),
                Region = row.GetString(4),
                Site = row.GetString(5),
                Operator = row.GetString(6),
                UsesLeft = (int)row.GetInt64(7),
                Created = Time(row, 8),
                Expires = Time(row, 9),
                IsRevoked = row.GetInt64(10) != 0,
            }));
        Read("SELECT id, secret_hash, role, name, created, expires, is_revoked FROM api_token", row =>
            state.ApiTokens.Add(Unsigned(row, 0), new()
            {
                Id = Unsigned(row, 0),
                SecretHash = Print(row, 1),
                Role = (ApiRole)row.GetInt64(2),
                Name = row.GetString(3),
                Created = Time(row, 4),
                Expires = Time(row, 5),
                IsRevoked = row.GetInt64(6) != 0,
            }));
        Read("SELECT id, at, who, what FROM audit ORDER BY id", row => state.Audit.Add(new(row.GetInt64(0), Time(row, 1), row.GetString(2), row.GetString(3))));
        Read("SELECT version, at, who, comment, text FROM policy ORDER BY version", row =>
            state.Policies.Add(new(row.GetInt64(0), Time(row, 1), row.GetString(2), row.GetString(3), row.GetString(4))));
        Read("SELECT kind, name, body, at, who FROM access_record", row =>
        {
            var record = new AccessRecord((AccessKind)row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2));
            state.Access.Add((record.Kind, record.Name), new(record, Time(row, 3), row.GetString(4)));
        });
        Read("SELECT number FROM access_version", row => state.AccessNumber = Unsigned(row, 0));
        Read("SELECT kind, value, until FROM rest", row => state.Rests.Add(new((RestKind)row.GetInt64(0), (ushort)row.GetInt64(1)), Time(row, 2)));
        Read("SELECT number, mark, body, at FROM change ORDER BY number", row =>
        {
            var version = new MembershipVersion(Unsigned(row, 0), Unsigned(row, 1));
            var before = state.Changes.Count == 0 ? state.Base : state.Changes[^1].Version;
            var body = row.GetFieldValue<byte[]>(2);
            if (body.Length > ControlLimits.MaxMember || version != MembershipHistory.Next(before, body))
                throw new InvalidDataException($"change {version.Number} does not follow from {before}");
            state.Changes.Add(new(version, Change(row, 2), Time(row, 3)));
        });
        return state;
    }

    /// <summary>
    /// Writes what a transaction changes. A database that can have it in one message gets that, which then is a transaction of its own;
    /// else whoever calls has begun one.
    /// </summary>
    /// <param name="transaction">What is changed.</param>
    /// <param name="first">A statement that goes before; empty for none.</param>
    public void Write(StoreTransaction transaction, string first = "")
    {
        var writes = Writes(transaction);
        if (first.Length > 0)
            writes = writes.Prepend((first, []));
        if (!connection.CanCreateBatch)
        {
            foreach (var (text, values) in writes)
                Run(text, values);
            return;
        }

        using var batch = connection.CreateBatch();
        foreach (var (text, values) in writes)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = text;
            foreach (var value in values)
            {
                // Without a name: by its place.
                var parameter = command.CreateParameter();
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        if (batch.BatchCommands.Count > 0)
            batch.ExecuteNonQuery();
    }

    /// <summary>The statements, each with its values; the one numbered n is $n.</summary>
    private static IEnumerable<(string Text, object[] Values)> Writes(StoreTransaction transaction)
    {
        if (transaction.Network is { } network)
        {
            var id = new byte[NetworkId.Bytes];
            BinaryPrimitives.WriteUInt128BigEndian(id, network.Id.Value);
            yield return ("INSERT INTO network (one, id, name, created) VALUES (1, $1, $2, $3) ON CONFLICT (one) DO UPDATE SET id = excluded.id, name = excluded.name, created = excluded.created", [id, network.Name, network.Created.Seconds]);
        }

        foreach (var (number, row) in transaction.Members)
            yield return row is null ? ("DELETE FROM member WHERE number = $1", [(long)number.Value]) : PutMember(row);
        foreach (var (id, row) in transaction.Tokens)
            yield return row is null ? ("DELETE FROM token WHERE id = $1", [(long)id]) : PutToken(row);
        foreach (var (id, row) in transaction.ApiTokens)
            yield return row is null ? ("DELETE FROM api_token WHERE id = $1", [(long)id]) : PutApiToken(row);
        foreach (var row in transaction.Audit)
            yield return ("INSERT INTO audit (id, at, who, what) VALUES ($1, $2, $3, $4)", [row.Id, row.At.Seconds, row.Who, row.What]);
        if (transaction.AuditBefore > 0)
            yield return ("DELETE FROM audit WHERE id < $1", [transaction.AuditBefore]);
        foreach (var row in transaction.Policies)
            yield return ("INSERT INTO policy (version, at, who, comment, text) VALUES ($1, $2, $3, $4, $5)", [row.Version, row.At.Seconds, row.Who, row.Comment, row.Text]);
        if (transaction.PolicyBefore > 0)
            yield return ("DELETE FROM policy WHERE version < $1", [transaction.PolicyBefore]);
        foreach (var write in AccessWrites(transaction))
            yield return write;
        foreach (var (key, until) in transaction.Rests)
        {
            yield return until is { } time
                ? ("INSERT INTO rest (kind, value, until) VALUES ($1, $2, $3) ON CONFLICT (kind, value) DO UPDATE SET until = excluded.until", [(long)key.Kind, (long)key.Value, time.Seconds])
                : ("DELETE FROM rest WHERE kind = $1 AND value = $2", [(long)key.Kind, (long)key.Value]);
        }

        foreach (var change in transaction.Changes)
            yield return ("INSERT INTO change (number, mark, body, at) VALUES ($1, $2, $3, $4)", [(long)change.Version.Number, (long)change.Version.Mark, change.Change.ToArray(), change.At.Seconds]);
        if (transaction.NewBase is not { } start)
            yield break;
        yield return ("INSERT INTO base (one, number, mark) VALUES (1, $1, $2) ON CONFLICT (one) DO UPDATE SET number = excluded.number, mark = excluded.mark", [(long)start.Number, (long)start.Mark]);
        yield return ("DELETE FROM change WHERE number <= $1", [(long)start.Number]);
    }

    private static IEnumerable<(string Text, object[] Values)> AccessWrites(StoreTransaction transaction)
    {
        foreach (var (key, row) in transaction.Access)
        {
            yield return row is null
                ? ("DELETE FROM access_record WHERE kind = $1 AND name = $2", [(long)key.Kind, key.Name])
                : ("""
                   INSERT INTO access_record (kind, name, body, at, who) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, at = excluded.at, who = excluded.who
                   """,
                   [(long)key.Kind, key.Name, row.Record.Body, row.At.Seconds, row.Who]);
        }

        if (transaction.AccessNumber is { } number)
            yield return ("INSERT INTO access_version (one, number) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET number = excluded.number", [(long)number]);
    }

    private static (string Text, object[] Values) PutMember(MemberRow row) => (
        """
        INSERT INTO member (number, body, tls_key, older_tls_key, token, joined, issuer) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (number) DO UPDATE SET body = excluded.body, tls_key = excluded.tls_key, older_tls_key = excluded.older_tls_key,
            token = excluded.token, joined = excluded.joined, issuer = excluded.issuer
        """,
        [(long)row.Member.Number.Value, MemberChange.Put(MemberChangeKind.Changed, row.Member).ToArray(), row.TlsKey.ToArray(), OrNull(row.OlderTlsKey), (long)row.Token, row.Joined.Seconds, OrNull(row.Issuer)]);

    private static (string Text, object[] Values) PutToken(TokenRow row) => (
        """
        INSERT INTO token (id, secret_hash, role, name, region, site, operator, uses_left, created, expires, is_revoked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, role = excluded.role, name = excluded.name, region = excluded.region,
            site = excluded.site, operator = excluded.operator, uses_left = excluded.uses_left, created = excluded.created,
            expires = excluded.expires, is_revoked = excluded.is_revoked
        """,
        [(long)row.Id, row.SecretHash.ToArray(), (long)row.Role, row.Name, row.Region, row.Site, row.Operator, (long)row.UsesLeft, row.Created.Seconds, row.Expires.Seconds, row.IsRevoked ? 1L : 0L]);

    private static (string Text, object[] Values) PutApiToken(ApiTokenRow row) => (
        """
        INSERT INTO api_token (id, secret_hash, role, name, created, expires, is_revoked) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, role = excluded.role, name = excluded.name, created = excluded.created,
            expires = excluded.expires, is_revoked = excluded.is_revoked
        """,
        [(long)row.Id, row.SecretHash.ToArray(), (long)row.Role, row.Name, row.Created.Seconds, row.Expires.Seconds, row.IsRevoked ? 1L : 0L]);

    private static object OrNull(Fingerprint print) => print.IsNone ? DBNull.Value : print.ToArray();

    private void Run(string text, object[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"${i + 1}";
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        command.ExecuteNonQuery();
    }

    private void Read(string text, Action<DbDataReader> take)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            take(reader);
    }

    private static ulong Unsigned(DbDataReader row, int column) => (ulong)row.GetInt64(column);

    private static UnixTime Time(DbDataReader row, int column) => new(row.GetInt64(column));

    private static Fingerprint Print(DbDataReader row, int column) =>
        Fingerprint.TryRead(row.GetFieldValue<byte[]>(column), out var print) ? print : throw new InvalidDataException("a hash has not 32 bytes");

    private static MemberChange Change(DbDataReader row, int column) =>
        MemberChange.TryRead(row.GetFieldValue<byte[]>(column), out var change) ? change : throw new InvalidDataException("a member cannot be read");

    private static byte[] Blob(DbDataReader row, int column, int size) =>
        row.GetFieldValue<byte[]>(column) is var bytes && bytes.Length == size ? bytes : throw new InvalidDataException($"a value has not {size} bytes");
}
