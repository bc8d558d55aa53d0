using System.Reflection;
using System.Runtime.CompilerServices;

namespace Symbolon.UnitTests.Architecture;

/// <summary>Others build on these packages. A change of what they see is a change of a text that somebody reviews, and a line in the changelog.</summary>
[Trait("area", "architecture")]
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("Symbolon.Client")]
    [InlineData("Symbolon.Client.AspNetCore")]
    public void The_public_surface_of_a_package_is_what_its_text_says(string project)
    {
        var expected = string.Join('\n', SurfaceOf(SymbolonAssemblies.ByProject[project])) + "\n";
        var path = Repository.Of("src", project, "PublicSurface.txt");
        if (Environment.GetEnvironmentVariable("SYMBOLON_WRITE_DOCS") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static IEnumerable<string> SurfaceOf(Assembly assembly) =>
        assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(type => LinesOf(type).Prepend(HeadOf(type)));

    private static string HeadOf(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var parent = type.BaseType is { } named && named != typeof(object) && named != typeof(ValueType) && named != typeof(Enum) ? $" : {NameOf(named)}" : "";
        return $"{kind} {type.FullName!.Replace('+', '.')}{parent}";
    }

    private static IEnumerable<string> LinesOf(Type type) =>
        type.GetMembers(Declared).Where(IsSeen).Select(LineOf).OfType<string>().Order(StringComparer.Ordinal).Select(line => "    " + line);

    private static bool IsSeen(MemberInfo member) =>
        !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
        {
            MethodBase method => IsSeen(method) && (member is ConstructorInfo || !method.IsSpecialName),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsSeen),
            FieldInfo field => field.IsPublic && !field.IsSpecialName,
            EventInfo raised => IsSeen(raised.AddMethod!),
            _ => false,
        };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string? LineOf(MemberInfo member) => member switch
    {
        ConstructorInfo made => $"new({ParametersOf(made)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{(method.IsFamily ? "protected " : "")}{NameOf(method.ReturnType)} {method.Name}({ParametersOf(method)})",
        PropertyInfo property => $"{NameOf(property.PropertyType)} {property.Name} {{ {string.Join(' ', AccessorsOf(property))} }}",
        FieldInfo field => field.IsLiteral ? $"const {NameOf(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}" : $"{NameOf(field.FieldType)} {field.Name}",
        EventInfo raised => $"event {NameOf(raised.EventHandlerType!)} {raised.Name}",
        _ => null,
    };

    private static IEnumerable<string> AccessorsOf(PropertyInfo property)
    {
        if (property.GetMethod is { } get && IsSeen(get)) yield return "get;";
        if (property.SetMethod is not { } set || !IsSeen(set)) yield break;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        yield return required + (set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
    }

    private static string ParametersOf(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"));

    private static string NameOf(Type type)
    {
        if (type.HasElementType) return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        if (!type.IsGenericType) return type.IsGenericParameter || type.DeclaringType is null ? type.Name : $"{type.DeclaringType.Name}.{type.Name}";
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
