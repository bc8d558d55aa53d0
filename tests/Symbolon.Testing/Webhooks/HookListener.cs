using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Testing.Mcp;

namespace Symbolon.Testing.Webhooks;

/// <summary>Receives webhooks as a receiver should: it looks at the signature, and then answers as the test says.</summary>
public sealed class HookListener : IAsyncDisposable
{
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly RawServer server;

    /// <summary>Answers a request with nothing, and the connection stays open.</summary>
    public const string Silence = "";

    /// <param name="statuses">Of the first requests; all later ones are taken.</param>
    public HookListener(params string[] statuses)
    {
        SecretFile = Path.Combine(Directory.CreateTempSubdirectory("symbolon-hooks-").FullName, "webhook-secret");
        File.WriteAllText(SecretFile, Secret + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var answers = new Queue<string>(statuses);
        server = new RawServer((_, stream, stop) =>
        {
            string? status;
            lock (answers) answers.TryDequeue(out status);
            return status == Silence ? Task.Delay(Timeout.Infinite, stop) : RawServer.WriteAsync(stream, status ?? "204 No Content", "text/plain", "", stop);
        });
    }

    public Uri Url => new(server.Url, "/hooks/symbolon");

    /// <summary>As its file has it.</summary>
    public string Secret => "whsec_" + Convert.ToBase64String(key);

    public IReadOnlyList<RawRequest> Requests => server.Requests;

    /// <summary>Whether the request is one of ours and of now, by the rules of Standard Webhooks 1.0.0, Verifying signatures.</summary>
    public bool IsGenuine(RawRequest request)
    {
        var (id, time) = (request.Values("webhook-id").Single(), request.Values("webhook-timestamp").Single());
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, NumberStyles.None, CultureInfo.InvariantCulture));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. request.Body];
        return age.Duration() < TimeSpan.FromMinutes(5) && request.Values("webhook-signature").Single() == "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }

    /// <summary>A file with the secret that only its owner may read, as the setting wants it.</summary>
    public string SecretFile { get; }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(SecretFile)!, recursive: true);
    }
}
