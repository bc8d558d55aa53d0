namespace Symbolon.Core.Registry;

/// <summary>
/// What a server may ask of a client in the middle of a request (<c>spec.clientFeatures</c>): nothing unless its file says so. The client must have declared
/// it, too. PROTOCOL.md section 1, server to client requests.
/// </summary>
[Flags]
public enum ClientFeatures : byte
{
    None = 0,

    /// <summary><c>sampling/createMessage</c>: the client's model answers.</summary>
    Sampling = 1,

    /// <summary><c>elicitation/create</c>: the person at the client is asked.</summary>
    Elicitation = 2,

    /// <summary><c>roots/list</c>: the client tells which folders are open.</summary>
    Roots = 4,
}

/// <summary>The words of the files.</summary>
public static class ClientFeatureTexts
{
    public const string Rule = "sampling, elicitation or roots";

    public static bool TryParse(string text, out ClientFeatures feature)
    {
        feature = text switch
        {
            "sampling" => ClientFeatures.Sampling,
            "elicitation" => ClientFeatures.Elicitation,
            "roots" => ClientFeatures.Roots,
            _ => ClientFeatures.None,
        };
        return feature != ClientFeatures.None;
    }

    public static IEnumerable<string> ToTexts(this ClientFeatures features)
    {
        if (features.HasFlag(ClientFeatures.Sampling)) yield return "sampling";
        if (features.HasFlag(ClientFeatures.Elicitation)) yield return "elicitation";
        if (features.HasFlag(ClientFeatures.Roots)) yield return "roots";
    }

    /// <summary>
    /// The <c>capabilities</c> of a connection that reads what a server lists for clients of these features: some servers list a tool only where the
    /// client declares what it asks for. PROTOCOL.md section 9.
    /// </summary>
    public static string ToCapabilities(this ClientFeatures features)
    {
        var members = new List<string>(3);
        if (features.HasFlag(ClientFeatures.Sampling)) members.Add("\"sampling\":{\"context\":{},\"tools\":{}}");
        if (features.HasFlag(ClientFeatures.Elicitation)) members.Add("\"elicitation\":{\"form\":{},\"url\":{}}");
        if (features.HasFlag(ClientFeatures.Roots)) members.Add("\"roots\":{}");
        return $"{{{string.Join(',', members)}}}";
    }
}
