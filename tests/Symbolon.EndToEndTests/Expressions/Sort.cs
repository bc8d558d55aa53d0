namespace Symbolon.EndToEndTests.Expressions;

/// <summary>What kind of value a part of an expression gives, with the kinds inside of it.</summary>
internal sealed record Sort(string Name, Sort? Key = null, Sort? Item = null)
{
    public static readonly Sort Bool = new("BOOL");
    public static readonly Sort Int = new("INT64");
    public static readonly Sort Uint = new("UINT64");
    public static readonly Sort Double = new("DOUBLE");
    public static readonly Sort Text = new("STRING");
    public static readonly Sort Bytes = new("BYTES");
    public static readonly Sort Timestamp = new("TIMESTAMP");
    public static readonly Sort Duration = new("DURATION");
    public static readonly Sort Null = new("null");
    public static readonly Sort Type = new("type");
    public static readonly Sort Any = new("dyn");

    public static readonly Sort[] Numbers = [Int, Uint, Double];
    public static readonly Sort[] Ordered = [Int, Uint, Double, Text, Bytes, Bool, Timestamp, Duration];
    public static readonly Sort[] Keys = [Text, Int, Uint, Bool];
    public static readonly Sort[] All = [.. Ordered, Null, Type, Any, List(Int), List(Text), List(Any), Map(Text, Int), Map(Int, Text), Map(Text, Any)];

    public static Sort List(Sort item) => new("list", null, item);

    public static Sort Map(Sort key, Sort item) => new("map", key, item);

    /// <summary>As <c>type_env</c> of the specification's tests has it.</summary>
    public string ToJson() => Name switch
    {
        "list" => $$$"""{"list_type":{"elem_type":{{{Item!.ToJson()}}}}}""",
        "map" => $$$"""{"map_type":{"key_type":{{{Key!.ToJson()}}},"value_type":{{{Item!.ToJson()}}}}}""",
        "TIMESTAMP" or "DURATION" => $$"""{"well_known":"{{Name}}"}""",
        "null" => """{"null":"NULL_VALUE"}""",
        "dyn" => """{"dyn":{}}""",
        "type" => """{"type":{"dyn":{}}}""",
        _ => $$"""{"primitive":"{{Name}}"}""",
    };
}
