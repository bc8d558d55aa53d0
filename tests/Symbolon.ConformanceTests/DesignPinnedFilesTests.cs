using System.Runtime.Versioning;
using System.Security.Cryptography;
using Symbolon.Core.Registry;
using Symbolon.Server.Files;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Reviews: a stdio server is held to its files.</summary>
[Trait("area", "registry")]
[Trait("clause", "DESIGN.md 4 Reviews")]
[UnsupportedOSPlatform("windows")]
public sealed class DesignPinnedFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-pins-").FullName;

    [Fact]
    public async Task A_file_is_read_as_the_file_that_it_is()
    {
        var path = Write("server.js", "let it = 1");
        var found = Assert.IsType<FileFound.File>(await ReadAsync(path));
        Assert.Equal((path, "sha256:" + Convert.ToHexStringLower(SHA256.HashData("let it = 1"u8))), (found.Target, found.Digest));
    }

    [Fact]
    public async Task The_head_is_of_the_bytes_that_the_digest_is_of_and_a_program_is_told_from_data()
    {
        var text = new string('a', FileFound.File.MostHead) + "behind";
        var path = Write("long", text);
        var data = Assert.IsType<FileFound.File>(await ReadAsync(path));
        Assert.Equal(("sha256:" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))), false), (data.Digest, data.IsExecutable));
        Assert.True(data.Head.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text[..FileFound.File.MostHead])));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.True(Assert.IsType<FileFound.File>(await ReadAsync(path)).IsExecutable);
    }

    [Fact]
    public async Task A_script_is_pinned_with_what_really_runs_it()
    {
        var script = Write("server", "#!/usr/bin/env sh\necho ok\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var (pins, fault) = await CommandPin.TakeAsync(new UpstreamAddress.Stdio { Command = script }, DiskFiles.Instance, TestContext.Current.CancellationToken);
        Assert.Null(fault);
        Assert.Equal([script, "/usr/bin/env", "/usr/bin/sh"], pins.Select(pin => pin.Path));
    }

    [Fact]
    public async Task Links_are_followed_in_every_part_of_a_path()
    {
        var path = Write("real/server.js", "x");
        Directory.CreateSymbolicLink(Path.Join(folder, "current"), "real");
        File.CreateSymbolicLink(Path.Join(folder, "real", "main.js"), "../current/./server.js");
        File.CreateSymbolicLink(Path.Join(folder, "start"), Path.Join(folder, "current/main.js"));
        Assert.Equal(path, Assert.IsType<FileFound.File>(await ReadAsync(Path.Join(folder, "start"))).Target);
    }

    [Fact]
    public async Task A_link_that_is_changed_leads_to_another_target()
    {
        Write("one/x", "same");
        var two = Write("two/x", "same");
        Directory.CreateSymbolicLink(Path.Join(folder, "current"), "one");
        var before = Assert.IsType<FileFound.File>(await ReadAsync(Path.Join(folder, "current/x")));
        Directory.Delete(Path.Join(folder, "current"));
        Directory.CreateSymbolicLink(Path.Join(folder, "current"), "two");
        var after = Assert.IsType<FileFound.File>(await ReadAsync(Path.Join(folder, "current/x")));
        Assert.Equal((before.Digest, two), (after.Digest, after.Target));
        Assert.NotEqual(before.Target, after.Target);
    }

    [Fact]
    public async Task What_is_no_regular_file_is_none_and_is_not_waited_for()
    {
        File.CreateSymbolicLink(Path.Join(folder, "dangling"), "nothing");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [Path.Join(folder, "pipe")])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var path in new[] { folder, Path.Join(folder, "missing"), Path.Join(folder, "dangling"), Path.Join(folder, "pipe"), "/dev/zero", "/dev/stdin", "/", Path.Join(folder, "missing/x"), Path.Join(folder, new string('x', 4000)) })
            Assert.IsNotType<FileFound.File>(await ReadAsync(path).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("x=1; ")]
    [InlineData("a/b; ")]
    public async Task A_text_that_can_be_no_path_is_none(string part) =>
        Assert.IsType<FileFound.None>(await ReadAsync("/" + string.Concat(Enumerable.Repeat(part, 800))));

    [Fact]
    public async Task A_path_that_is_long_only_as_it_is_written_is_read()
    {
        var path = Write("x", "x");
        Assert.Equal(path, Assert.IsType<FileFound.File>(await ReadAsync(folder + string.Concat(Enumerable.Repeat("/.", 4000)) + "/x")).Target);
    }

    [Fact]
    public async Task Links_in_a_circle_end()
    {
        File.CreateSymbolicLink(Path.Join(folder, "a"), "b");
        File.CreateSymbolicLink(Path.Join(folder, "b"), "a");
        Assert.IsType<FileFound.Unreadable>(await ReadAsync(Path.Join(folder, "a")));
    }

    [Fact]
    public async Task A_file_of_more_than_a_gigabyte_is_not_read()
    {
        var path = Path.Join(folder, "big");
        await using (var file = File.Create(path)) file.SetLength((1L << 30) + 1);
        Assert.Contains("1 GiB", Assert.IsType<FileFound.Unreadable>(await ReadAsync(path)).Why, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Task<FileFound> ReadAsync(string path) => DiskFiles.Instance.ReadAsync(path, CancellationToken.None);

    private string Write(string name, string text)
    {
        var path = Path.Join(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
