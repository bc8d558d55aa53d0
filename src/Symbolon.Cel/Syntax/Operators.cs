namespace Symbolon.Cel.Syntax;

/// <summary>The names under which operators are functions.</summary>
internal static class Operators
{
    public const string And = "_&&_";
    public const string Or = "_||_";
    public const string Not = "!_";
    public const string Negate = "-_";
    public const string Conditional = "_?_:_";
    public const string Index = "_[_]";
    public const string OptionalIndex = "_[?_]";
    public const string In = "@in";
    public const string Equal = "_==_";
    public const string NotEqual = "_!=_";
    public const string Less = "_<_";
    public const string LessOrEqual = "_<=_";
    public const string Greater = "_>_";
    public const string GreaterOrEqual = "_>=_";

    public static string Binary(string symbol) => symbol == "in" ? In : $"_{symbol}_";

    /// <summary>As people write it.</summary>
    public static string Shown(string function) => function switch
    {
        Index or OptionalIndex => "[]",
        Conditional => "? :",
        _ => function.Trim('_', '@'),
    };
}
