using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Membership;

namespace WeCan.Controller.Store;

/// <summary>
/// How rows stand in SQLite's tables. Numbers of 64 bits without a sign are kept with the same bits and a sign; a member, and
/// a change, in the bytes that they have on the wire.
/// </summary>
internal sealed class SqliteRows(SqliteConnection connection)
{
    public ControllerState Load()
    {
        var state = new ControllerState();
        Read("SELECT id, name, created FROM network", row =>
            state.Network = new(new(BinaryPrimitives.ReadUInt128BigEndian(Blob(row, 0, NetworkId.Bytes))), row.GetString(1), Time(row, 2)));
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
                Role = (NodeRole)row.GetInt32(2),
                Name = row.GetString(3),
                Region = row.GetString(4),
                Site = row.GetString(5),
                Operator = row.GetString(6),
                UsesLeft = row.GetInt32(7),
                Created = Time(row, 8),
                Expires = Time(row, 9),
                IsRevoked = row.GetBoolean(10),
            }));
        Read("SELECT kind, value, until FROM rest", row => state.Rests.Add(new((RestKind)row.GetInt32(0), (ushort)row.GetInt32(1)), Time(row, 2)));
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

    public void Write(SqliteTransaction work, StoreTransaction transaction)
    {
        if (transaction.Network is { } network)
        {
            var id = new byte[NetworkId.Bytes];
            BinaryPrimitives.WriteUInt128BigEndian(id, network.Id.Value);
            Run(work, "INSERT OR REPLACE INTO network VALUES (1, $1, $2, $3)", id, network.Name, network.Created.Seconds);
        }

        foreach (var (number, row) in transaction.Members)
            WriteMember(work, number, row);
        foreach (var (id, row) in transaction.Tokens)
            WriteToken(work, id, row);
        foreach (var (key, until) in transaction.Rests)
        {
            if (until is { } time)
                Run(work, "INSERT OR REPLACE INTO rest VALUES ($1, $2, $3)", (long)key.Kind, (long)key.Value, time.Seconds);
            else
                Run(work, "DELETE FROM rest WHERE kind = $1 AND value = $2", (long)key.Kind, (long)key.Value);
        }

        foreach (var change in transaction.Changes)
            Run(work, "INSERT INTO change VALUES ($1, $2, $3, $4)", (long)change.Version.Number, (long)change.Version.Mark, change.Change.ToArray(), change.At.Seconds);
        if (transaction.NewBase is not { } start)
            return;
        Run(work, "INSERT OR REPLACE INTO base VALUES (1, $1, $2)", (long)start.Number, (long)start.Mark);
        Run(work, "DELETE FROM change WHERE number <= $1", (long)start.Number);
    }

    private void WriteMember(SqliteTransaction work, NodeId number, MemberRow? row)
    {
        if (row is null)
        {
            Run(work, "DELETE FROM member WHERE number = $1", (long)number.Value);
            return;
        }

        Run(
            work, "INSERT OR REPLACE INTO member VALUES ($1, $2, $3, $4, $5, $6, $7)",
            (long)number.Value, MemberChange.Put(MemberChangeKind.Changed, row.Member).ToArray(), row.TlsKey.ToArray(),
            row.OlderTlsKey.IsNone ? DBNull.Value : row.OlderTlsKey.ToArray(), (long)row.Token, row.Joined.Seconds,
            row.Issuer.IsNone ? DBNull.Value : row.Issuer.ToArray());
    }

    private void WriteToken(SqliteTransaction work, ulong id, TokenRow? row)
    {
        if (row is null)
        {
            Run(work, "DELETE FROM token WHERE id = $1", (long)id);
            return;
        }

        Run(
            work, "INSERT OR REPLACE INTO token VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            (long)id, row.SecretHash.ToArray(), (long)row.Role, row.Name, row.Region, row.Site, row.Operator,
            (long)row.UsesLeft, row.Created.Seconds, row.Expires.Seconds, row.IsRevoked ? 1L : 0L);
    }

    private void Run(SqliteTransaction work, string text, params object[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = work;
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        command.ExecuteNonQuery();
    }

    private void Read(string text, Action<SqliteDataReader> take)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            take(reader);
    }

    private static ulong Unsigned(SqliteDataReader row, int column) => (ulong)row.GetInt64(column);

    private static UnixTime Time(SqliteDataReader row, int column) => new(row.GetInt64(column));

    private static Fingerprint Print(SqliteDataReader row, int column) =>
        Fingerprint.TryRead(row.GetFieldValue<byte[]>(column), out var print) ? print : throw new InvalidDataException("a hash has not 32 bytes");

    private static MemberChange Change(SqliteDataReader row, int column) =>
        MemberChange.TryRead(row.GetFieldValue<byte[]>(column), out var change) ? change : throw new InvalidDataException("a member cannot be read");

    private static byte[] Blob(SqliteDataReader row, int column, int size) =>
        row.GetFieldValue<byte[]>(column) is var bytes && bytes.Length == size ? bytes : throw new InvalidDataException($"a value has not {size} bytes");
}
