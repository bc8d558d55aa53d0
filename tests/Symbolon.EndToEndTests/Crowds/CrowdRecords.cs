using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage;
using Symbolon.Testing.Storage;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>The calls in the chain of one organisation, read when the program has stopped.</summary>
internal sealed class CrowdRecords
{
    private const int Page = 1000;

    private readonly Dictionary<string, long> completed = new(StringComparer.Ordinal);

    /// <summary>Calls that were let out or refused, each once.</summary>
    public HashSet<string> Intents { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls that ended; of one that was taken up again each end counts, and it is one call.</summary>
    public HashSet<string> Outcomes { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Agents { get; } = new(StringComparer.Ordinal);

    public long CompletedOf(string agent) => completed.GetValueOrDefault(agent);

    public static async Task<CrowdRecords> ReadAsync(string folder, string organisation)
    {
        using var store = new OpenStore(new StorageOptions { DataDirectory = folder });
        var found = new CrowdRecords();
        long after = 0;
        while (true)
        {
            var page = await store.Audit.ReadAsync(new OrganisationId(organisation), new AuditQuery(), after, descending: false, Page, CancellationToken.None);
            foreach (var record in page) found.Take(record.Json);
            if (page.Count < Page) return found;
            after = page[^1].Seq;
        }
    }

    private void Take(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var record = document.RootElement.TryGetProperty("event", out var inner) ? inner : document.RootElement;
        if (record.TryGetProperty("agent", out var named) && named.GetString() is { } agent) Agents.Add(agent);
        else agent = "";
        var kind = record.GetProperty("kind").GetString();
        if (kind == "call_intent") Intents.Add(record.GetProperty("call").GetString()!);
        // An answer that was fetched on a later stream is in a record of that stream.
        var isResumed = kind == "request" && record.TryGetProperty("reason", out var reason) && reason.GetString() == "on a stream that was taken up again";
        if (kind == "call_outcome") Outcomes.Add(record.GetProperty("call").GetString()!);
        else if (!isResumed) return;
        if (record.GetProperty("outcome").GetString() == "completed") completed[agent] = completed.GetValueOrDefault(agent) + 1;
    }
}
