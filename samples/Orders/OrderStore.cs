using Microsoft.Data.Sqlite;

namespace Orders;

/// <summary>A small shop in one SQLite file. Every method opens its own pooled connection, so calls may run side by side.</summary>
internal sealed class OrderStore
{
    private readonly string connection;

    private OrderStore(string connection) => this.connection = connection;

    /// <summary>Opens the file, and fills it with a few customers and orders when it is new.</summary>
    public static OrderStore Open(string file)
    {
        SystemSqlite.Use();
        var store = new OrderStore(new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true }.ToString());
        store.Execute(Schema);
        if (store.Query("SELECT count(*) FROM customer", row => row.GetInt64(0)).Single() == 0) store.Execute(FirstRows);
        return store;
    }

    public IReadOnlyList<Order> List(string? state, int limit) =>
        Query($"{Select} WHERE ($state IS NULL OR o.state = $state) ORDER BY o.id DESC LIMIT $limit", ReadOrder,
            ("$state", state), ("$limit", limit));

    public Order? Get(long id) => Query($"{Select} WHERE o.id = $id", ReadOrder, ("$id", id)).SingleOrDefault();

    public IReadOnlyList<Customer> FindCustomers(string text) =>
        Query("""
            SELECT c.id, c.name, c.email, (SELECT count(*) FROM "order" o WHERE o.customer = c.id)
            FROM customer c WHERE instr(lower(c.name), lower($text)) > 0 OR instr(c.email, lower($text)) > 0 ORDER BY c.id LIMIT 20
            """,
            row => new Customer(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3)), ("$text", text));

    /// <returns>The new order, or null when the customer or the article does not exist.</returns>
    public Order? Add(long customer, string article, int quantity)
    {
        var ids = Query("""
            INSERT INTO "order" (customer, article, quantity, state)
            SELECT c.id, a.code, $quantity, 'open' FROM customer c, article a WHERE c.id = $customer AND a.code = $article
            RETURNING id
            """, row => row.GetInt64(0), ("$customer", customer), ("$article", article), ("$quantity", quantity));
        return ids.Count == 0 ? null : Get(ids[0]);
    }

    /// <returns>False when there is no open order of this id.</returns>
    public bool Cancel(long id) => Execute("""UPDATE "order" SET state = 'cancelled' WHERE id = $id AND state = 'open'""", ("$id", id)) == 1;

    /// <summary>Removes a customer and every order of theirs, for good.</summary>
    public bool DeleteCustomer(long id) => Execute("DELETE FROM customer WHERE id = $id", ("$id", id)) == 1;

    private int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var open = new SqliteConnection(connection);
        open.Open();
        using var command = Prepare(open, sql, values);
        return command.ExecuteNonQuery();
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var open = new SqliteConnection(connection);
        open.Open();
        using var command = Prepare(open, sql, values);
        using var rows = command.ExecuteReader();
        var found = new List<T>();
        while (rows.Read()) found.Add(read(rows));
        return found;
    }

    private static SqliteCommand Prepare(SqliteConnection open, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = open.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static Order ReadOrder(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4), row.GetString(5));

    private const string Select = """
        SELECT o.id, c.name, a.name, o.quantity, o.quantity * a.cents, o.state
        FROM "order" o JOIN customer c ON c.id = o.customer JOIN article a ON a.code = o.article
        """;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS article (code TEXT PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS "order" (
            id INTEGER PRIMARY KEY,
            customer INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE,
            article TEXT NOT NULL REFERENCES article,
            quantity INTEGER NOT NULL CHECK (quantity > 0),
            state TEXT NOT NULL);
        """;

    private const string FirstRows = """
        INSERT INTO customer VALUES (1, 'Ada Byron', 'ada@example.com'), (2, 'Karel Čapek', 'karel@example.com'), (3, 'Chidi Okafor', 'chidi@example.com');
        INSERT INTO article VALUES ('ring', 'Bronze ring', 4900), ('dice', 'Pair of dice', 1250), ('tile', 'Clay tile', 800);
        INSERT INTO "order" VALUES (1001, 1, 'ring', 1, 'shipped'), (1002, 2, 'tile', 12, 'open'), (1003, 3, 'dice', 2, 'open'), (1004, 1, 'tile', 4, 'cancelled');
        """;
}
