using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Symbolon.Server;
using Symbolon.Server.Hosting;
using Symbolon.Server.Sealing;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, First start, and promise 4.</summary>
[Trait("area", "hosting")]
[UnsupportedOSPlatform("windows")]
public sealed class DesignFirstStartTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    [Trait("clause", "DESIGN.md §4 First start")]
    public async Task A_clean_folder_is_enough_and_what_is_made_there_is_the_owners_alone()
    {
        var data = Path.Combine(folder.FullName, "new", "data");
        await using var server = await RunningServer.StartAsync(data);

        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(data, "master.key")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(data, "admin-token")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(data, "lock")));
        Assert.Equal(32, new FileInfo(Path.Combine(data, "master.key")).Length);
        Assert.True(File.Exists(Path.Combine(data, "symbolon.db")));
        Assert.StartsWith("sym_adm_", server.AdminToken, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/readyz")).StatusCode);
    }

    [Theory]
    [Trait("clause", "DESIGN.md §4 First start")]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task An_empty_folder_is_closed_to_others(UnixFileMode others)
    {
        var data = Open(others);

        await using var server = await RunningServer.StartAsync(data);

        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
    }

    [Theory]
    [Trait("clause", "DESIGN.md §4 First start")]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_folder_in_which_others_could_have_put_something_is_refused_and_left_as_it_is(UnixFileMode others)
    {
        var data = Open(others);
        var foreign = Path.Combine(data, "symbolon.db");
        await File.WriteAllTextAsync(foreign, "", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<StartException>(() => RunningServer.StartAsync(data));

        Assert.Contains($"Others than its owner may write in {data}", refused.Message, StringComparison.Ordinal);
        Assert.Equal([foreign], Directory.GetFileSystemEntries(data));
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute | others, File.GetUnixFileMode(data));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 First start")]
    public async Task A_folder_with_settings_that_others_may_only_read_is_used()
    {
        var data = Open(UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await File.WriteAllTextAsync(Path.Combine(data, "symbolon.yaml"), "log: { level: warning }\n", TestContext.Current.CancellationToken);

        await using var server = await RunningServer.StartAsync(data);

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/readyz")).StatusCode);
    }

    private string Open(UnixFileMode others)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder.FullName, "open")).FullName;
        File.SetUnixFileMode(data, OwnerFile | UnixFileMode.UserExecute | others);
        return data;
    }

    [Fact]
    [Trait("clause", "issue 2 §2 ready in under 2 s")]
    public async Task It_is_ready_within_two_seconds()
    {
        // The best of five: the first start in a process also compiles the code, and the machine has other things to do.
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5 && best >= TimeSpan.FromSeconds(2); i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var server = await RunningServer.StartAsync(Path.Combine(folder.FullName, $"start-{i}"));
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/readyz")).StatusCode);
            best = new[] { best, Stopwatch.GetElapsedTime(begun) }.Min();
        }
        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Each_start_replaces_the_admin_token_and_the_old_one_is_refused()
    {
        string old;
        await using (var server = await RunningServer.StartAsync(folder.FullName))
        {
            old = server.AdminToken;
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/v1/servers", old)).StatusCode);
        }
        await using var again = await RunningServer.StartAsync(folder.FullName);
        Assert.NotEqual(old, again.AdminToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.SendAsync(HttpMethod.Get, "/api/v1/servers", old)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await again.SendAsync(HttpMethod.Get, "/api/v1/servers", again.AdminToken)).StatusCode);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_not_taken_for_one_with_another_server()
    {
        // Leads out of the folder to where nothing is: opening it fails as on a disk that is full or read-only, with no lock held by anybody.
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "lock"), Path.Combine(folder.FullName, "missing", "lock"));

        var refused = await Assert.ThrowsAsync<StartException>(() => RunningServer.StartAsync(folder.FullName));

        Assert.Contains($"{folder.FullName} cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Another server", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_in_the_same_folder_does_not_start_and_does_not_disturb_the_first()
    {
        await using var server = await RunningServer.StartAsync(folder.FullName);
        var token = server.AdminToken;

        var refused = await Assert.ThrowsAsync<StartException>(() => RunningServer.StartAsync(folder.FullName));

        Assert.Contains("Another server works in", refused.Message, StringComparison.Ordinal);
        Assert.Equal(token, server.AdminToken);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/v1/servers", token)).StatusCode);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_master_key_that_others_may_read_or_write_is_refused(UnixFileMode more)
    {
        await (await RunningServer.StartAsync(folder.FullName)).DisposeAsync();
        File.SetUnixFileMode(Path.Combine(folder.FullName, "master.key"), OwnerFile | more);
        Assert.Contains("chmod 600", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task A_master_key_of_another_length_is_refused(int length)
    {
        WriteKey(Path.Combine(folder.FullName, "master.key"), new byte[length]);
        Assert.Contains("32 bytes", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_an_operator_names_must_exist() =>
        Assert.Contains("does not exist", (await RefusedAsync(options => options with { MasterKeyFile = Path.Combine(folder.FullName, "nowhere") })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_database_whose_key_is_gone_is_not_given_a_new_one()
    {
        await (await RunningServer.StartAsync(folder.FullName)).DisposeAsync();
        File.Delete(Path.Combine(folder.FullName, "master.key"));
        Assert.Contains("is missing", (await RefusedAsync()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.FullName, "master.key")));
    }

    [Fact]
    public async Task A_store_that_was_filled_under_another_key_is_refused()
    {
        await (await RunningServer.StartAsync(folder.FullName)).DisposeAsync();
        var other = Path.Combine(folder.FullName, "other.key");
        WriteKey(other, [.. Enumerable.Repeat((byte)7, 32)]);

        Assert.Contains("another master key", (await RefusedAsync(options => options with { MasterKeyFile = other })).Message, StringComparison.Ordinal);

        await using var server = await RunningServer.StartAsync(folder.FullName);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/readyz")).StatusCode);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 First start")]
    public async Task Variables_of_the_framework_have_no_influence()
    {
        string[] names = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "Kestrel__Endpoints__Evil__Url"];
        string[] values = ["http://0.0.0.0:0", "8099", "Development", "Development", "http://0.0.0.0:0"];
        foreach (var (name, value) in names.Zip(values)) Environment.SetEnvironmentVariable(name, value);
        try
        {
            await using var server = await RunningServer.StartAsync(folder.FullName);
            Assert.Equal("127.0.0.1", new Uri(Assert.Single(server.Host.Addresses)).Host);
        }
        finally
        {
            foreach (var name in names) Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Options_that_cannot_be_used_are_told_all_at_once_and_nothing_is_made()
    {
        var data = Path.Combine(folder.FullName, "untouched");
        var refused = Assert.Throws<InvalidOptionsException>(() => SymbolonHost.Build(new SymbolonOptions
        {
            DataDirectory = data,
            Urls = ["http://0.0.0.0:80", "https://127.0.0.1:443"],
            PublicUrls = ["nonsense"],
            TlsKey = "/nowhere/key.pem",
            LogLevel = "loud",
        }));
        Assert.InRange(refused.Errors.Count, 5, 10);
        Assert.False(Directory.Exists(data));
    }

    private async Task<MasterKeyException> RefusedAsync(Func<SymbolonOptions, SymbolonOptions>? change = null) =>
        await Assert.ThrowsAsync<MasterKeyException>(() => RunningServer.StartAsync(folder.FullName, change));

    private static void WriteKey(string path, byte[] key)
    {
        File.WriteAllBytes(path, key);
        File.SetUnixFileMode(path, OwnerFile);
    }
}
