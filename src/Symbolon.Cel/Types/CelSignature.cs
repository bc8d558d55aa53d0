namespace Symbolon.Cel.Types;

/// <summary>One overload of a function.</summary>
/// <param name="IsMember">Written behind a dot; the first parameter is what stands in front.</param>
internal sealed record CelSignature(bool IsMember, CelType[] Parameters, CelType Result)
{
    /// <summary>Reads an overload without its name: <c>(list&lt;A&gt;) int</c>, or of a member <c>string.(string) bool</c>. Single capitals are parameters.</summary>
    public static CelSignature Parse(string text)
    {
        var at = 0;
        CelType? target = null;
        if (text[0] != '(')
        {
            target = ReadType(text, ref at);
            at++;
        }
        at++;
        var parameters = new List<CelType>();
        if (target is not null) parameters.Add(target);
        while (text[at] != ')')
        {
            parameters.Add(ReadType(text, ref at));
            if (text[at] == ',') at += 2;
        }
        at += 2;
        return new CelSignature(target is not null, [.. parameters], ReadType(text, ref at));
    }

    private static CelType ReadType(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        var name = text[start..at];
        if (at >= text.Length || text[at] != '<') return Named(name, []);
        var parameters = new List<CelType>();
        do
        {
            at += text[at] == ',' ? 2 : 1;
            parameters.Add(ReadType(text, ref at));
        }
        while (text[at] == ',');
        at++;
        return Named(name, [.. parameters]);
    }

    private static CelType Named(string name, CelType[] parameters) => name switch
    {
        "dyn" => CelType.Dyn,
        "bool" => CelType.Bool,
        "int" => CelType.Int,
        "uint" => CelType.Uint,
        "double" => CelType.Double,
        "string" => CelType.String,
        "bytes" => CelType.Bytes,
        "timestamp" => CelType.Timestamp,
        "duration" => CelType.Duration,
        "null" => CelType.Null,
        "ip" => CelType.Ip,
        "cidr" => CelType.Cidr,
        "list" => CelType.List(parameters[0]),
        "map" => CelType.Map(parameters[0], parameters[1]),
        "type" => CelType.TypeOf(parameters[0]),
        "optional" => CelType.Optional(parameters[0]),
        { Length: 1 } => CelType.VariableNamed(name),
        _ => throw new ArgumentException($"'{name}' is no type.", nameof(name)),
    };
}
