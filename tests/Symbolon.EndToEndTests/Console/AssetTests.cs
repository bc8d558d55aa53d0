using System.Text.RegularExpressions;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Console;

/// <summary>The files that pages name.</summary>
[Collection(nameof(FilledConsole))]
[Trait("area", "console")]
public sealed partial class AssetTests(FilledConsole console)
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css",
        [".js"] = "text/javascript",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
    };

    [Fact]
    public async Task Every_file_that_a_page_names_answers_with_its_length_and_type()
    {
        await using var tab = await console.OpenAsync();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in console.Pages) named.UnionWith(FilesOf(await (await tab.Window.APIRequest.GetAsync(page.Address)).TextAsync()));
        Assert.Superset(new HashSet<string>(["/assets/app.css", "/assets/app.js"]), named.Select(file => file.Split('?')[0]).ToHashSet());
        using var client = new HttpClient();
        foreach (var file in named) await AnswersAsync(client, new Uri(console.Symbolon.Url, file));
    }

    [Fact]
    public async Task They_answer_from_a_published_program_too()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-published-");
        try
        {
            await using (var publish = ChildProcess.Start("dotnet", ["publish", Repo.At("src", "Symbolon.Cli"), "--no-build", "-c", "Release", "-nologo", "-o", folder.FullName]))
                Assert.True(await publish.ExitAsync(TimeSpan.FromMinutes(2)) == 0, string.Join('\n', publish.Output));
            await using var symbolon = await SymbolonProcess.StartOtherAsync(Path.Combine(folder.FullName, "symbolon"));
            using var client = new HttpClient();
            var files = FilesOf(await client.GetStringAsync(new Uri(symbolon.Url, "/sign-in"), TestContext.Current.CancellationToken)).ToList();
            Assert.Contains(files, file => file.StartsWith("/assets/app.css?", StringComparison.Ordinal));
            foreach (var file in files)
            {
                var bytes = await AnswersAsync(client, new Uri(symbolon.Url, file));
                Assert.Equal(await client.GetByteArrayAsync(new Uri(console.Symbolon.Url, file), TestContext.Current.CancellationToken), bytes);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<byte[]> AnswersAsync(HttpClient client, Uri file)
    {
        using var answer = await client.GetAsync(file, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{file} answers {(int)answer.StatusCode}");
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Types[Path.GetExtension(file.AbsolutePath)], answer.Content.Headers.ContentType?.MediaType);
        Assert.True(bytes.Length > 100 && answer.Content.Headers.ContentLength == bytes.Length, $"{file} has {bytes.Length} bytes and says {answer.Content.Headers.ContentLength}");
        return bytes;
    }

    private static IEnumerable<string> FilesOf(string html) => Named().Matches(html).Select(match => match.Groups[1].Value);

    /// <summary>What the browser loads by itself, and the files that <c>use</c> refers to.</summary>
    [GeneratedRegex("<(?:link|script|img|use|source|iframe)\\b[^>]*?\\s(?:src|href)=\"([^\"#]+)")]
    private static partial Regex Named();
}
