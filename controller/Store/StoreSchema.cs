namespace WeCan.Controller.Store;

/// <summary>
/// The tables, as the steps by which they came to be, the same for each database. A store says how many steps it has behind it; the
/// rest are done when it is opened to be written, each in a transaction. A step that was released is never edited: a change is a new one.
/// </summary>
internal static class StoreSchema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE network (one INTEGER PRIMARY KEY CHECK (one = 1), id BLOB NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL);
        CREATE TABLE base (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, mark INTEGER NOT NULL);
        CREATE TABLE member (
            number INTEGER PRIMARY KEY, body BLOB NOT NULL, tls_key BLOB NOT NULL, older_tls_key BLOB,
            token INTEGER NOT NULL, joined INTEGER NOT NULL);
        CREATE TABLE token (
            id INTEGER PRIMARY KEY, secret_hash BLOB NOT NULL, role INTEGER NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL,
            site TEXT NOT NULL, operator TEXT NOT NULL, uses_left INTEGER NOT NULL CHECK (uses_left >= 0), created INTEGER NOT NULL,
            expires INTEGER NOT NULL, is_revoked INTEGER NOT NULL);
        CREATE TABLE rest (kind INTEGER NOT NULL, value INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (kind, value)) WITHOUT ROWID;
        CREATE TABLE change (number INTEGER PRIMARY KEY, mark INTEGER NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL);
        """,
        "ALTER TABLE member ADD COLUMN issuer BLOB;",
        """
        CREATE TABLE api_token (
            id INTEGER PRIMARY KEY, secret_hash BLOB NOT NULL, role INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
            expires INTEGER NOT NULL, is_revoked INTEGER NOT NULL);
        CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL);
        """,
        "CREATE TABLE policy (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, comment TEXT NOT NULL, text TEXT NOT NULL);",
        """
        CREATE TABLE access_record (
            kind INTEGER NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
        CREATE TABLE access_version (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
        """,
    ];

    /// <summary>How many steps this program knows.</summary>
    public static int Version => Steps.Length;

    /// <summary>The statements of one step for PostgreSQL, whose types have other names.</summary>
    public static string InPostgres(int step) => Steps[step]
        .Replace("INTEGER", "BIGINT", StringComparison.Ordinal).Replace("BLOB", "BYTEA", StringComparison.Ordinal).Replace(" WITHOUT ROWID", "", StringComparison.Ordinal);

    /// <summary>The statements of one step for SQLite.</summary>
    public static string InSqlite(int step) => Steps[step];

    /// <exception cref="StoreException">A later program has worked on this store.</exception>
    public static void RequireKnown(long version, string store)
    {
        if (version > Steps.Length)
            throw new StoreException($"The store {store} is of version {version}, and this program knows versions up to {Steps.Length}: run the program that wrote it, or a later one.");
    }
}
