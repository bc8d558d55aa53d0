using System.Diagnostics;
using Npgsql;
using Symbolon.Testing.Processes;

namespace Symbolon.Testing.Storage;

/// <summary>
/// A real PostgreSQL, made in a temporary folder from Debian's package and ended with this process. It is not run as root: then it and
/// its files belong to the user <c>postgres</c> that the package makes.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private static readonly Lazy<PostgresCluster> One = new(() => new PostgresCluster());
    private static int databases;

    private readonly string bin = FindBinaries();
    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-pg-").FullName;
    private readonly int port = FreePort.Take();

    public PostgresCluster()
    {
        if (Environment.IsPrivilegedProcess) Process.Start("chown", ["postgres", folder]).WaitForExit();
        Run("initdb", "-D", Data, "-U", "symbolon", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        Start();
    }

    /// <summary>The cluster that this process's tests share; started at its first use.</summary>
    public static PostgresCluster Shared => One.Value;

    private string Data => Path.Combine(folder, "data");

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username=symbolon;Database={database}";

    /// <returns>The new database's name.</returns>
    public string CreateDatabase()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        Execute($"CREATE DATABASE {name}");
        return name;
    }

    public void DropDatabase(string name) => Execute($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Ends it as a lost machine does: no client hears a word.</summary>
    public void Stop() => Run("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public void Start() => Run(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200", "start");

    public void Dispose()
    {
        if (!Directory.Exists(folder)) return;
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Stop();
        Directory.Delete(folder, recursive: true);
    }

    private static string FindBinaries()
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return versions.Select(version => Path.Combine(version, "bin")).Where(path => File.Exists(Path.Combine(path, "initdb"))).Order().LastOrDefault()
            ?? throw new InvalidOperationException("The store tests need PostgreSQL's programs: install Debian's package postgresql (./test does it).");
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private void Run(string program, params string[] arguments)
    {
        var path = Path.Combine(bin, program);
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", path, .. arguments] : [path, .. arguments];
        // The server inherits what pg_ctl has: with our pipes it would keep them open, so the output goes to a file.
        var output = Path.Combine(Path.GetTempPath(), $"{Path.GetFileName(folder)}.out");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", output, .. command]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        var said = File.ReadAllText(output);
        File.Delete(output);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.\n{said}");
    }
}
