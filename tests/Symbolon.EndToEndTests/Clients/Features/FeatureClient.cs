using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Clients.Features;

/// <summary>An unmodified client, which asks through its own public surface and says what it was given.</summary>
internal abstract class FeatureClient
{
    /// <summary>Whether it has a way to ask for values of arguments.</summary>
    public virtual bool CanComplete => true;

    /// <returns>The result of each, in the order in which they were asked for.</returns>
    /// <exception cref="InvalidOperationException">One was answered with an error.</exception>
    public abstract Task<IReadOnlyList<JsonNode>> AskAsync(Uri server, IssuedToken token, IReadOnlyList<Ask> asks);

    /// <param name="name">As in the table: <c>sdk1</c>, <c>sdk2</c>, <c>sdk2-auto</c>, <c>csharp</c>, <c>inspector</c> or <c>inspector-auto</c>.</param>
    public static FeatureClient Named(string name) => name switch
    {
        "csharp" => new CsharpFeatures(),
        "inspector" => new Inspector("legacy"),
        "inspector-auto" => new Inspector("auto"),
        _ => new TypescriptFeatures(name),
    };
}
