namespace Symbolon.Storage.Databases;

/// <summary>Everything in which the two databases' SQL differs. All other statements are the same text for both.</summary>
internal abstract record Dialect
{
    public static readonly Dialect Sqlite = new SqliteDialect();
    public static readonly Dialect Postgres = new PostgresDialect();

    private Dialect() { }

    /// <summary>The folder of migrations.</summary>
    public abstract string Name { get; }

    /// <summary>Begins a transaction that will write.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>Begins a transaction whose reads all see one moment.</summary>
    public abstract string BeginSnapshot { get; }

    /// <summary>Within a transaction: lets one starter at a time look at the schema and change it.</summary>
    public abstract string LockSchema { get; }

    /// <summary>Whether a COMMIT that failed has surely not happened (nothing is between us and the file).</summary>
    public abstract bool FailedCommitIsNone { get; }

    /// <summary>
    /// The time by which nodes judge one another, microseconds since the Unix epoch: the database's own where nodes share it, else the
    /// parameter <c>@now</c>.
    /// </summary>
    public abstract string Now { get; }

    /// <summary>Whether other processes may use the store at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Within a transaction that changes configuration: tells the other processes once it is committed. Null where there are none.</summary>
    public abstract string? Announce { get; }

    /// <summary>The function that gives the smaller of two numbers.</summary>
    public abstract string Least { get; }

    /// <summary>The end of a condition: a column that has one of the values of a parameter, which is an array.</summary>
    public abstract string In(string parameter);

    /// <summary>A condition: a column of bytes has this text of ASCII somewhere, without a quotation mark of SQL.</summary>
    public abstract string Holds(string column, string text);

    private sealed record SqliteDialect : Dialect
    {
        public override string Name => "sqlite";
        public override bool IsShared => false;
        public override string? Announce => null;
        public override string Least => "min";
        public override string In(string parameter) => $"IN @{parameter}";
        public override string Holds(string column, string text) => $"instr({column}, CAST('{text}' AS BLOB)) > 0";
        public override bool FailedCommitIsNone => true;
        public override string Now => "@now";
        public override string BeginWrite => "BEGIN IMMEDIATE";
        public override string BeginSnapshot => "BEGIN DEFERRED";

        /// <summary><c>BEGIN IMMEDIATE</c> has the lock already.</summary>
        public override string LockSchema => "SELECT 1";
    }

    private sealed record PostgresDialect : Dialect
    {
        public override string Name => "postgres";
        public override bool IsShared => true;
        public override string Least => "least";
        public override string In(string parameter) => $"= ANY(@{parameter})";
        public override string Holds(string column, string text) => $"position('{text}'::bytea IN {column}) > 0";
        public override string Announce => $"NOTIFY {PostgresDatabase.ChangeChannel}";
        public override bool FailedCommitIsNone => false;
        public override string Now => "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        public override string BeginWrite => "BEGIN ISOLATION LEVEL READ COMMITTED";
        public override string BeginSnapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        public override string LockSchema => "SELECT pg_advisory_xact_lock(5720193870000000001)";
    }
}
