using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Testing;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteNaughtyStringTests() : NaughtyStringTests(StoreKind.Sqlite);

public sealed class PostgresNaughtyStringTests() : NaughtyStringTests(StoreKind.Postgres);

public abstract class NaughtyStringTests(StoreKind kind) : StoreTests(kind)
{
    private static string[] Strings => JsonSerializer.Deserialize<string[]>(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!;

    [Fact]
    public async Task Each_is_kept_as_it_is_or_refused_by_rule_as_owner_label_note_and_reason()
    {
        var number = 0;
        foreach (var text in Strings)
        {
            var name = $"a{number++}";
            var agent = Samples.Agent(name, text) with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("label", text) };
            var token = Samples.Token($"tok_{name}") with { Note = text };
            var record = Samples.Record();
            record.Reason = text;
            Task<CommitResult> CommitAsync() => Store.Changes.CommitAsync(
                Organisation, [Samples.Put(agent), new Change.InsertToken(token, Samples.Secret(name))], [record], Cancellation);
            if (text.Contains('\0'))
            {
                await Assert.ThrowsAsync<UnstorableTextException>(CommitAsync);
                continue;
            }

            Assert.IsType<CommitResult.Committed>(await CommitAsync());

            var found = (AgentObject)(await Store.Objects.FindObjectAsync(Organisation, new ObjectKey(ObjectKind.Agent, name), Cancellation))!.Value.Item;
            Assert.Equal(text, found.Owner);
            Assert.Equal(text, found.Labels["label"]);
            Assert.Equal(text, (await Store.Tokens.FindAsync(Organisation, token.Id, Cancellation))!.Note);
            var stored = (await Store.Audit.ReadAsync(Organisation, new AuditQuery(), null, descending: true, 1, Cancellation)).Single();
            Assert.Equal(text, JsonDocument.Parse(stored.Json).RootElement.GetProperty("event").GetProperty("reason").GetString());
        }
        Assert.True(number > 400);
    }
}
