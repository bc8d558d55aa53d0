using System.Text.Json;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Usage;

/// <summary>What one rule of a policy said within one stretch of the audit and one day; see <see cref="RuleUse"/>.</summary>
internal sealed record RuleHits(string Rule, string Said, bool IsObserved, long Day, long Count, long LastAt)
{
    private const long DayLength = 24L * 3600 * 1_000_000;

    /// <summary>Refusals that a rule made.</summary>
    private static readonly Dictionary<string, string> Refusals = new()
    {
        [ReasonCode.DeniedByPolicy.ToText()] = "deny", [ReasonCode.PolicyError.ToText()] = "error", [ReasonCode.LimitReached.ToText()] = "limit",
    };

    /// <summary>Of one stretch. Records that name no rule are not read: there are far more of them.</summary>
    public static Task<IReadOnlyList<RuleHits>> ReadAsync(Database database, long first, long last, CancellationToken cancellation) =>
        database.ScanAsync<IReadOnlyList<RuleHits>>(async connection =>
        {
            var counts = new Dictionary<(string Rule, string Said, bool IsObserved, long Day), (long Count, long LastAt)>();
            var rows = await connection.QueryAsync<(long Time, string? Code, byte[] Record)>($"""
                SELECT time, code, record FROM audit WHERE place BETWEEN @first AND @last AND kind IN ('call_intent', 'request')
                AND (code IN ('{string.Join("', '", Refusals.Keys)}') OR {database.Dialect.Holds("record", "\"observed\":")})
                ORDER BY place
                """, new { first, last });
            foreach (var (time, code, record) in rows)
            {
                using var document = JsonDocument.Parse(record);
                var said = document.RootElement.GetProperty("event");
                if (code is not null && Refusals.TryGetValue(code, out var refusal) && Text(said, "rule") is { } rule) Add(rule, refusal, isObserved: false, time);
                foreach (var note in (Text(said, "observed") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    if (note.LastIndexOf(':') is > 0 and var colon) Add(note[..colon], note[(colon + 1)..], isObserved: true, time);
            }
            return [.. counts.Select(each => new RuleHits(each.Key.Rule, each.Key.Said, each.Key.IsObserved, each.Key.Day, each.Value.Count, each.Value.LastAt))];

            void Add(string rule, string said, bool isObserved, long time)
            {
                var key = (rule, said, isObserved, time / DayLength * DayLength);
                var (count, lastAt) = counts.GetValueOrDefault(key);
                counts[key] = (count + 1, Math.Max(lastAt, time));
            }
        }, cancellation);

    public static void Write(WriteTransaction transaction, OrganisationId organisation, IReadOnlyList<RuleHits> hits)
    {
        foreach (var each in hits)
            transaction.Connection.Execute("""
                INSERT INTO usage_rule (organisation, rule, said, observed, day, hits, last_at) VALUES (@organisation, @rule, @said, @observed, @day, @hits, @last)
                ON CONFLICT (organisation, rule, said, observed, day) DO UPDATE SET hits=usage_rule.hits + excluded.hits,
                    last_at=CASE WHEN excluded.last_at > usage_rule.last_at THEN excluded.last_at ELSE usage_rule.last_at END
                """, new { organisation = organisation.Value, rule = each.Rule, said = each.Said, observed = each.IsObserved ? 1 : 0, day = each.Day, hits = each.Count, last = each.LastAt });
    }

    private static string? Text(JsonElement record, string name) => record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
